//! The topic tree: virtual, with the latest value and the count of every level.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, KeyboardEvent, MouseEvent};

use crate::{
    browser::{page_size, resize_observer},
    desk::{
        climbing::{Step, step},
        columns::{TreeRoom, indent},
        format,
        window::Window,
    },
    link::{Command, Preview, Target, TreeRow, TreeView},
    payload::rounded,
    reading::Kind,
    ui::{
        controls::{
            going::{Spot, go},
            name::NameLine,
            pool::{Attribute, Line, Pool, Slot, element, set_down, set_height},
            told::{Told, leave_out},
            whole::Whole,
        },
        piece::{Held, Piece, view},
        state::{
            keep,
            store::{Store, narrow},
        },
        words::Words,
    },
};

/// Height of a row in rem: the style sheet's `.level`, wide and on a phone.
const ROW: f64 = 1.625;
const ROW_PHONE: f64 = 2.75;
/// Rows above and below the visible ones.
const SPARE: u64 = 4;

/// The elements of a row, and what they show.
struct LevelRow {
    element: HtmlElement,
    node: Attribute,
    open: Attribute,
    depth: Attribute,
    chosen: Attribute,
    indent: Option<u16>,
    arrow: Line,
    name_element: HtmlElement,
    name: NameLine,
    value: Line,
    value_class: Attribute,
    title: Attribute,
    value_element: HtmlElement,
    count: Line,
    told: Told,
}

impl Slot for LevelRow {
    fn new(document: &Document) -> Self {
        let row = element(document, "div", "level");
        let _ = row.set_attribute("role", "treeitem");
        let name_element = element(document, "span", "name");
        let (arrow, arrow_element) = Line::with_holder(document, &name_element, "span", "arrow");
        leave_out(&arrow_element);
        let name = NameLine::inside(document, &name_element, "span", "whole");
        let _ = row.append_child(&name_element);
        let value_element = element(document, "span", "v");
        let value = Line::inside(document, &value_element, "span", "");
        let _ = row.append_child(&value_element);
        let (count, count_element) = Line::with_holder(document, &row, "span", "quiet num");
        // A number without a name; the chosen row says what it counts.
        leave_out(&count_element);
        Self {
            element: row,
            node: Attribute::default(),
            open: Attribute::default(),
            depth: Attribute::default(),
            chosen: Attribute::default(),
            indent: None,
            arrow,
            name_element,
            name,
            value,
            value_class: Attribute::default(),
            title: Attribute::default(),
            value_element,
            count,
            told: Told::default(),
        }
    }

    fn element(&self) -> &HtmlElement {
        &self.element
    }

    fn put_away(&mut self) {
        // Another row may be the chosen one's now.
        self.told.choose(&self.element, None);
    }
}

/// The identifier of the row of a level, while that is chosen.
fn row_id(node: u32) -> String {
    format!("level-{node}")
}

impl LevelRow {
    fn show(&mut self, row: &TreeRow, chosen: bool, room: TreeRoom, words: &Words) {
        self.node
            .set(&self.element, "data-node", &row.node.to_string());
        let open = match (row.branch, row.open) {
            (false, _) => None,
            (true, true) => Some("true"),
            (true, false) => Some("false"),
        };
        self.open
            .set_or_remove(&self.element, "aria-expanded", open);
        self.depth
            .set(&self.element, "aria-level", &(row.depth + 1).to_string());
        self.chosen.set(
            &self.element,
            "aria-selected",
            if chosen { "true" } else { "false" },
        );
        if self.indent.replace(row.depth) != Some(row.depth) {
            let rem = rounded(indent(row.depth), 3);
            let _ = self
                .name_element
                .style()
                .set_property("padding-inline-start", &format!("{rem}rem"));
        }
        self.arrow.show(match open {
            Some("true") => "▾",
            Some(_) => "▸",
            None => "",
        });
        let name = if row.name.is_empty() {
            words.rest().empty_level
        } else {
            &row.name
        };
        let class = if row.retained { "v retained" } else { "v" };
        self.value_class.set(&self.value_element, "class", class);
        let title = if row.retained {
            words.rest().retained
        } else {
            ""
        };
        self.title.set(&self.value_element, "title", title);
        let value = match &row.preview {
            None => "",
            Some(Preview::Empty) => words.rest().empty_payload,
            Some(Preview::Text(text) | Preview::Kind(text) | Preview::Hex(text)) => text,
        };
        self.value.show(value);
        self.count.show(&format::whole(row.count));
        let columns = room.name(row.depth, value, self.count.text());
        self.name.show_within(name, Kind::Text, columns);
        let place = row.place.map(|(at, of)| (u64::from(at), u64::from(of)));
        self.told.number(&self.element, place);
        let id = chosen.then(|| row_id(row.node));
        let said = chosen.then(|| {
            let count = (words.rest().messages_counted)(&format::whole(row.count));
            if row.retained {
                format!("{}, {count}", words.rest().retained)
            } else {
                count
            }
        });
        self.told
            .choose(&self.element, id.as_deref().zip(said.as_deref()));
    }
}

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
