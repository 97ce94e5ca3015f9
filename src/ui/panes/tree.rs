//! The topic tree: virtual, with the latest value and the count of every level.

mod level_row;

use leptos::prelude::*;
use level_row::{LevelRow, row_id};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use crate::{
    browser::{page_size, resize_observer},
    desk::{
        climbing::{Step, step},
        columns::TreeRoom,
        format,
        window::Window,
    },
    link::{Command, Target, TreeRow, TreeView},
    ui::{
        controls::{
            going::{Spot, go},
            pool::{Attribute, Pool, set_down, set_height},
            whole::Whole,
        },
        piece::{Held, Piece, view},
        state::{
            keep,
            store::{Store, narrow},
        },
    },
};

/// Height of a row in rem: the style sheet's `.level`, wide and on a phone.
const ROW: f64 = 1.625;
const ROW_PHONE: f64 = 2.75;
/// Rows above and below the visible ones.
const SPARE: u64 = 4;

/// The tree with its search.
#[component(transparent)]
pub fn Topics() -> Piece {
    let store = expect_context::<Store>();
    let viewport = Held::<HtmlElement>::new_local(None);
    let tall = Held::<HtmlElement>::new_local(None);
    let rows = Held::<HtmlElement>::new_local(None);
    // As wide as a hundred letters.
    let letters = Held::<HtmlElement>::new_local(None);
    let room = RwSignal::new(TreeRoom::new(280.0, 7.5, 16.0, false));
    let whole = Whole::default();
    let search = RwSignal::new(keep::held(|bench| bench.search.clone()));
    keep::follow(
        move || search.track(),
        move |bench| bench.search = search.get(),
    );
    let window = StoredValue::new(Window::new(ROW * 16.0, SPARE));
    let pool = StoredValue::new_local(None::<Pool<LevelRow>>);
    // The row that a key led to, until it is here.
    let wanted = StoredValue::new(None::<u32>);
    // Where the chosen level was seen last.
    let last = StoredValue::new(None::<u32>);
    let active = StoredValue::new_local(Attribute::default());

    let ask = move || {
        let Some(viewport) = viewport.get_untracked() else {
            return;
        };
        let total = store.told.tree.with_untracked(|tree| u64::from(tree.total));
        let part = window.with_value(|window| window.part(f64::from(viewport.scroll_top()), total));
        store.show(|view| {
            view.tree = (part.rows > 0).then(|| TreeView {
                skip: u32::try_from(part.skip).unwrap_or(u32::MAX),
                rows: part.rows,
                search: search.get_untracked(),
            });
        });
    };
    Effect::new(move |_| {
        let (Some(viewport), Some(rows)) = (viewport.get(), rows.get()) else {
            return;
        };
        pool.set_value(Some(Pool::new(rows.unchecked_into::<HtmlElement>())));
        let element: Element = viewport.unchecked_into();
        resize_observer::watch(&element, move |width, height| {
            let phone = narrow();
            let rem = page_size::scale() * 16.0;
            let row = if phone { ROW_PHONE } else { ROW };
            window.update_value(|window| window.resize(f64::from(height), row * rem));
            let letters = letters.get_untracked();
            let letter = letters.map_or(0.0, |letters| {
                letters.get_bounding_client_rect().width() / 100.0
            });
            if width > 0 && letter > 0.0 {
                room.set(TreeRoom::new(f64::from(width), letter, rem, phone));
            }
            ask();
        });
    });
    Effect::new(move |_| {
        search.track();
        last.set_value(None);
        wanted.set_value(None);
        if let Some(viewport) = viewport.get_untracked() {
            viewport.set_scroll_top(0);
        }
        ask();
    });
    Effect::new(move |_| {
        let chosen = store.chrome.here();
        let words = store.words();
        let room = room.get();
        whole.put_away();
        store.told.tree.with(|tree| {
            let (Some(tall), Some(rows)) = (tall.get_untracked(), rows.get_untracked()) else {
                return;
            };
            let total = u64::from(tree.total);
            let scroll = viewport
                .get_untracked()
                .map_or(0.0, |viewport| f64::from(viewport.scroll_top()));
            window.with_value(|window| {
                set_height(&tall, window.tall(total));
                set_down(&rows, window.down(u64::from(tree.skip), scroll, total));
            });
            pool.update_value(|pool| {
                let Some(pool) = pool else { return };
                let slots = pool.lay_out(i64::from(tree.skip), tree.rows.len());
                for (slot, row) in slots.iter_mut().zip(&tree.rows) {
                    slot.show(row, chosen == Some(Target::Topic(row.node)), room, words);
                }
            });
            let here = (tree.skip..)
                .zip(&tree.rows)
                .find(|(_, row)| Some(Target::Topic(row.node)) == chosen);
            match here {
                Some((at, _)) => last.set_value(Some(at)),
                None if !matches!(chosen, Some(Target::Topic(_))) => last.set_value(None),
                None => {}
            }
            let id = here.map(|(_, row)| row_id(row.node));
            if let Some(viewport) = viewport.get_untracked() {
                active.update_value(|active| {
                    active.set_or_remove(&viewport, "aria-activedescendant", id.as_deref());
                });
            }
        });
    });

    let act = move |row: &TreeRow, toggle: bool| {
        if row.branch && (toggle || row.preview.is_none()) {
            store.say(Command::Fold {
                node: row.node,
                open: !row.open,
            });
        } else {
            store.inspect(Some(Target::Topic(row.node)));
        }
    };
    let clicked = move |event: MouseEvent| {
        let Some(target) = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
        else {
            return;
        };
        let Some(level) = target.closest("[data-node]").ok().flatten() else {
            return;
        };
        let node = level
            .get_attribute("data-node")
            .and_then(|node| node.parse::<u32>().ok());
        let arrow = target.closest(".arrow").ok().flatten().is_some();
        store.told.tree.with_untracked(|tree| {
            if let Some(row) = tree.rows.iter().find(|row| Some(row.node) == node) {
                wanted.set_value(None);
                act(row, arrow);
            }
        });
    };
    let arrive = move || {
        let node = store.told.tree.with_untracked(|tree| {
            let at = wanted.get_value()?.checked_sub(tree.skip)?;
            tree.rows.get(at as usize).map(|row| row.node)
        });
        if let Some(node) = node {
            wanted.set_value(None);
            store.walk_to(Target::Topic(node));
        }
    };
    Effect::new(move |_| {
        store.told.tree.track();
        arrive();
    });
    let walk_to = move |above: u32| {
        wanted.set_value(Some(above));
        let total = store.told.tree.with_untracked(|tree| u64::from(tree.total));
        if let Some(viewport) = viewport.get_untracked() {
            let scroll = f64::from(viewport.scroll_top());
            let there = window.with_value(|window| window.reveal(u64::from(above), scroll, total));
            if let Some(there) = there {
                viewport.set_scroll_top(there);
                ask();
            }
        }
        arrive();
    };
    let pressed = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let chosen = untrack(|| store.chrome.here());
        let scroll = viewport
            .get_untracked()
            .map_or(0.0, |viewport| f64::from(viewport.scroll_top()));
        let seen = window.with_value(|window| {
            let total = store.told.tree.with_untracked(|tree| u64::from(tree.total));
            window.seen(scroll, total)
        });
        let (ahead, last) = (wanted.get_value(), last.get_value());
        let step = store
            .told
            .tree
            .with_untracked(|tree| step(&event.key(), tree, chosen, ahead, last, seen));
        let Some(step) = step else { return };
        event.prevent_default();
        match step {
            Step::To(above) => walk_to(above),
            Step::Fold { node, open } => store.say(Command::Fold { node, open }),
            Step::Messages => go(store, Spot::Messages),
            Step::Act => store.told.tree.with_untracked(|tree| {
                let row = tree
                    .rows
                    .iter()
                    .find(|row| Some(Target::Topic(row.node)) == chosen);
                if let Some(row) = row {
                    act(row, true);
                }
            }),
        }
    };
    let total = move || store.told.tree.with(|tree| tree.topics);
    let beyond = move || store.told.tree.with(|tree| tree.beyond);
    view! {
        <section class="tree">
            <div class="head">
                <h2>{store.text(|w| w.topics)}</h2>
                <span class="quiet num">{move || format::whole(u64::from(total()))}</span>
                <span class="grow"></span>
                <input
                    class="field search"
                    type="search"
                    aria-label=store.text(|w| w.rest().search_topics)
                    placeholder=store.text(|w| w.rest().search_topics)
                    prop:value=move || search.get()
                    on:input:target=move |event| search.set(event.target().value())
                />
            </div>
            <p class="hint beyond" hidden=move || beyond() == 0>
                {move || (store.words().rest().beyond)(&format::whole(beyond()))}
            </p>
            // The rows say it themselves.
            <div class="tree-names" aria-hidden="true" hidden=move || total() == 0>
                <span class="name">{store.text(|w| w.rest().topic)}</span>
                <span class="v">{store.text(|w| w.rest().told.latest_value)}</span>
                <span>{store.text(|w| w.messages)}</span>
            </div>
            <div class="around">
                <div
                    class="viewport"
                    role="tree"
                    data-pane="topics"
                    tabindex="0"
                    aria-label=store.text(|w| w.topics)
                    node_ref=viewport
                    on:scroll=move |_| ask()
                    on:pointerover=move |event| whole.over(&event)
                    on:click=clicked
                    on:keydown=pressed
                >
                    <div class="tall" role="presentation" node_ref=tall>
                        <div class="levels" role="presentation" node_ref=rows></div>
                        <span class="letters mono" aria-hidden="true" node_ref=letters></span>
                    </div>
                </div>
                <p class="empty quiet" hidden=move || total() != 0>{store.text(|w| w.rest().no_topics)}</p>
            </div>
        </section>
    }
}
