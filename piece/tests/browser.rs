//! The renderer in a browser: what a page sees of it. Run by `cargo xtask test browser`.
#![cfg(target_arch = "wasm32")]

use std::sync::{Arc, Mutex};

use leptos::{prelude::*, task::tick};
use midge_piece::{Inside, IntoPiece, Mounted, Piece, Pieces, mount_to, rows, shown_when, view};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

const SVG: &str = "http://www.w3.org/2000/svg";
const HTML: &str = "http://www.w3.org/1999/xhtml";

fn document() -> Document {
    web_sys::window()
        .and_then(|window| window.document())
        .expect("a page")
}

/// An event at once, within this call.
fn dispatch(target: &EventTarget, name: &str) {
    let event = Event::new(name).expect("an event");
    target.dispatch_event(&event).expect("dispatched");
}

/// A piece in an element of its own.
struct Stage {
    holder: HtmlElement,
    mounted: Option<Mounted>,
}

impl Stage {
    fn new(piece: impl FnOnce() -> Piece) -> Self {
        let holder: HtmlElement = document()
            .create_element("div")
            .expect("an element")
            .unchecked_into();
        let body = document().body().expect("a body");
        body.append_child(&holder).expect("a place");
        let mounted = Some(mount_to(&holder, piece));
        Self { holder, mounted }
    }

    fn find(&self, selector: &str) -> Element {
        self.holder
            .query_selector(selector)
            .expect("a selector")
            .unwrap_or_else(|| panic!("`{selector}` is not in {}", self.markup()))
    }

    fn input(&self, selector: &str) -> HtmlInputElement {
        self.find(selector).unchecked_into()
    }

    fn press(&self, selector: &str) {
        self.find(selector).unchecked_into::<HtmlElement>().click();
    }

    fn text(&self) -> String {
        self.holder.text_content().unwrap_or_default()
    }

    /// What is in it, without the comments that keep places.
    fn markup(&self) -> String {
        self.holder.inner_html().replace("<!---->", "")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.mounted = None;
        self.holder.remove();
    }
}

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn say(&self, what: impl Into<String>) {
        self.0.lock().expect("one thread").push(what.into());
    }

    fn len(&self) -> usize {
        self.0.lock().expect("one thread").len()
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("one thread"))
    }
}

/// Says when what is being made is cleaned up.
fn watched(log: &Log, name: &'static str) {
    let log = log.clone();
    on_cleanup(move || log.say(name));
}

#[wasm_bindgen_test]
fn markup_becomes_elements_with_attributes_and_text_nodes() {
    let stage = Stage::new(|| {
        view! {
            <p id="a" class="b c" hidden>"Hello "<b>"you"</b></p>
            <br />
            "<i>text</i>"
        }
    });
    assert_eq!(
        stage.markup(),
        r#"<p id="a" class="b c" hidden="">Hello <b>you</b></p><br>&lt;i&gt;text&lt;/i&gt;"#
    );
}

#[wasm_bindgen_test]
fn elements_of_a_drawing_are_of_svg_and_those_inside_of_foreign_object_are_not() {
    let stage = Stage::new(|| {
        let circle = view! { <circle r="1" /> };
        view! {
            <svg>
                <title>"t"</title>
                <defs>
                    <linearGradient id="g"><stop offset="0" /></linearGradient>
                    <clipPath id="c"><rect width="1" height="1" /></clipPath>
                </defs>
                <text><tspan>"s"</tspan></text>
                <foreignObject><p>"p"</p></foreignObject>
                {circle}
            </svg>
            <p><a>"link"</a></p>
        }
    });
    for name in [
        "svg",
        "title",
        "defs",
        "linearGradient",
        "stop",
        "clipPath",
        "rect",
        "text",
        "tspan",
        "foreignObject",
        "circle",
    ] {
        let within = if name == "svg" { "" } else { "svg " };
        let element = stage.find(&format!("{within}{name}"));
        assert_eq!(element.namespace_uri().as_deref(), Some(SVG), "{name}");
        assert_eq!(element.tag_name(), name, "names of SVG keep their case");
    }
    for name in ["foreignObject p", "a"] {
        assert_eq!(
            stage.find(name).namespace_uri().as_deref(),
            Some(HTML),
            "{name}"
        );
    }
}

#[wasm_bindgen_test]
async fn an_attribute_a_property_and_a_class_follow_their_signals() {
    let (name, shown, on) = (
        RwSignal::new("one"),
        RwSignal::new(true),
        RwSignal::new(false),
    );
    let stage = Stage::new(move || {
        view! {
            <input
                name=move || name.get()
                title=move || shown.get().then_some("t")
                hidden=move || !shown.get()
                class="plain"
                class:on=move || on.get()
                prop:value=move || name.get()
                prop:checked=move || on.get()
            />
        }
    });
    let input = stage.input("input");
    assert_eq!(
        stage.markup(),
        r#"<input name="one" title="t" class="plain">"#
    );
    assert_eq!((input.value().as_str(), input.checked()), ("one", false));
    name.set("two");
    shown.set(false);
    on.set(true);
    tick().await;
    assert_eq!(input.get_attribute("name").as_deref(), Some("two"));
    assert_eq!(input.get_attribute("title"), None);
    assert_eq!(input.get_attribute("hidden").as_deref(), Some(""));
    assert_eq!(input.class_name(), "plain on");
    assert_eq!((input.value().as_str(), input.checked()), ("two", true));
}

#[wasm_bindgen_test]
async fn a_value_that_is_the_same_again_is_not_written() {
    let (number, other) = (RwSignal::new(1), RwSignal::new(0));
    let stage = Stage::new(move || {
        view! { <input prop:value=move || { other.get(); number.get().to_string() } /> }
    });
    let input = stage.input("input");
    input.set_value("typed");
    other.set(1);
    tick().await;
    assert_eq!(input.value(), "typed");
    number.set(2);
    tick().await;
    assert_eq!(input.value(), "2");
}

#[wasm_bindgen_test]
async fn an_element_of_the_same_template_stays_and_is_patched() {
    let number = RwSignal::new(1_u32);
    let heard = RwSignal::new(0_u32);
    let stage = Stage::new(move || {
        view! {
            <p>
                {move || {
                    let now = number.get();
                    view! {
                        <button title=now on:click=move |_| heard.set(now)>"Number "{now}</button>
                        <input prop:value=now />
                    }
                }}
            </p>
        }
    });
    let (button, input) = (stage.find("button"), stage.input("input"));
    input.focus().expect("an element that takes the focus");
    number.set(2);
    tick().await;
    assert_eq!(stage.find("button"), button);
    assert_eq!(button.get_attribute("title").as_deref(), Some("2"));
    assert_eq!(button.text_content().as_deref(), Some("Number 2"));
    assert_eq!(input.value(), "2");
    let focused = document().active_element();
    assert_eq!(
        focused.as_ref(),
        Some(input.unchecked_ref()),
        "the focus stays"
    );
    stage.press("button");
    assert_eq!(
        heard.get_untracked(),
        2,
        "the handler is that of the last piece, and the only one"
    );
}

#[wasm_bindgen_test]
async fn another_template_takes_the_place_of_the_one_before() {
    let which = RwSignal::new(0);
    let stage = Stage::new(move || {
        view! {
            <b>"before"</b>
            {move || match which.get() {
                0 => view! { <p>"element"</p> },
                1 => "text".into_piece(),
                2 => view! { <i>"a"</i><i>"b"</i> },
                _ => Piece::Nothing,
            }}
            <b>"after"</b>
        }
    });
    for (now, shown) in [
        (0, "<p>element</p>"),
        (1, "text"),
        (2, "<i>a</i><i>b</i>"),
        (3, ""),
        (1, "text"),
        (0, "<p>element</p>"),
        (3, ""),
        (2, "<i>a</i><i>b</i>"),
    ] {
        which.set(now);
        tick().await;
        assert_eq!(stage.markup(), format!("<b>before</b>{shown}<b>after</b>"));
    }
}

#[wasm_bindgen_test]
async fn siblings_keep_their_order_around_what_comes_and_goes() {
    let shown = [(); 3].map(|()| RwSignal::new(false));
    let [first, second, third] = shown;
    let stage = Stage::new(move || {
        view! {
            {move || first.get().then_some("1")}
            <b>"a"</b>
            {move || view! { {move || second.get().then_some("2")}{move || third.get().then_some("3")} }}
            <b>"b"</b>
        }
    });
    for (at, text) in [
        (1, "a2b"),
        (0, "1a2b"),
        (2, "1a23b"),
        (1, "1a3b"),
        (0, "a3b"),
        (2, "ab"),
    ] {
        shown[at].update(|shown| *shown = !*shown);
        tick().await;
        assert_eq!(stage.text(), text);
    }
}

#[wasm_bindgen_test]
async fn what_is_one_after_the_other_grows_and_shrinks_at_its_end() {
    let count = RwSignal::new(2_u32);
    let stage = Stage::new(move || {
        view! {
            <ul>{move || (0..count.get()).map(|number| view! { <li>{number}</li> }).pieces()}</ul>
            <p></p>
        }
    });
    let first = stage.find("li");
    for (now, shown) in [(4, "0123"), (1, "0"), (0, ""), (3, "012")] {
        count.set(now);
        tick().await;
        assert_eq!(stage.find("ul").text_content().as_deref(), Some(shown));
        assert_eq!(first.is_connected(), now > 0 && now != 3, "{now}");
    }
}

/// A list of rows by key, each with a field, and what is said when one is cleaned up.
fn list(keys: RwSignal<Vec<&'static str>>, log: Log) -> Piece {
    view! {
        <p>"before"</p>
        {rows(
            move || keys.get(),
            |key| (*key).to_owned(),
            move |place, key| {
                watched(&log, key);
                view! { <label id=key>{move || place.get()}": "{key}<input /></label> }
            },
        )}
        <p>"after"</p>
    }
}

#[wasm_bindgen_test]
async fn rows_keep_their_elements_when_they_are_moved_added_and_removed() {
    let keys = RwSignal::new(vec!["a", "b", "c"]);
    let log = Log::default();
    let stage = Stage::new({
        let log = log.clone();
        move || list(keys, log)
    });
    let kept = ["a", "b", "c"].map(|key| stage.find(&format!("#{key}")));
    stage.input("#b input").set_value("typed");
    for (now, gone) in [
        (vec!["c", "b", "a"], vec![]),
        (vec!["x", "c", "a", "b", "y"], vec![]),
        (vec!["b", "a", "c"], vec!["x", "y"]),
        (vec!["b", "c", "a"], vec![]),
        (vec!["a", "b", "c"], vec![]),
    ] {
        keys.set(now.clone());
        tick().await;
        let rows: String = now
            .iter()
            .enumerate()
            .map(|(at, key)| format!("{at}: {key}"))
            .collect();
        assert_eq!(stage.text(), format!("before{rows}after"));
        for (key, element) in ["a", "b", "c"].iter().zip(&kept) {
            assert_eq!(&stage.find(&format!("#{key}")), element, "{key} of {now:?}");
        }
        assert_eq!(log.take(), gone);
    }
    assert_eq!(stage.input("#b input").value(), "typed");
    keys.set(Vec::new());
    tick().await;
    assert_eq!(stage.text(), "beforeafter");
    assert_eq!(log.take().len(), 3);
    keys.set(vec!["b"]);
    tick().await;
    assert_ne!(
        stage.find("#b"),
        kept[1],
        "a key that comes back is a new row"
    );
    assert_eq!(stage.input("#b input").value(), "");
}

#[wasm_bindgen_test]
async fn a_row_that_stays_where_it_is_keeps_the_focus() {
    let keys = RwSignal::new(vec!["a", "b"]);
    let stage = Stage::new(move || list(keys, Log::default()));
    let input = stage.input("#b input");
    input.focus().expect("an element that takes the focus");
    for now in [vec!["x", "a", "b"], vec!["b"], vec!["b", "z"]] {
        keys.set(now);
        tick().await;
        assert_eq!(
            document().active_element().as_ref(),
            Some(input.unchecked_ref())
        );
    }
}

#[wasm_bindgen_test]
async fn what_is_taken_out_takes_its_effects_with_it() {
    let (shown, number) = (RwSignal::new(true), RwSignal::new(0));
    let log = Log::default();
    let stage = Stage::new({
        let log = log.clone();
        move || {
            shown_when(
                move || shown.get(),
                move || {
                    watched(&log, "cleaned up");
                    let log = log.clone();
                    view! { <p title=move || { log.say("read"); number.get().to_string() }></p> }
                },
            )
        }
    });
    assert_eq!(log.take(), ["read"]);
    number.set(1);
    tick().await;
    assert_eq!(log.take(), ["read"]);
    // Both are due at once, and what goes is not read any more.
    number.set(2);
    shown.set(false);
    tick().await;
    assert_eq!(stage.markup(), "");
    assert!(log.take().contains(&"cleaned up".to_owned()));
    number.set(3);
    tick().await;
    assert!(log.take().is_empty());
}

#[wasm_bindgen_test]
async fn a_signal_that_belongs_to_what_is_taken_out_is_not_read_after_it() {
    let shown = RwSignal::new(true);
    let stage = Stage::new(move || {
        view! {
            {move || shown.get().then(|| {
                let own = RwSignal::new(1_u32);
                // It follows the outer signal too: both are due when that changes.
                view! { <p>{move || { shown.get(); own.get() }}</p> }
            })}
        }
    });
    for _ in 0..4 {
        shown.update(|shown| *shown = !*shown);
        tick().await;
        let text = if shown.get_untracked() { "1" } else { "" };
        assert_eq!(stage.text(), text);
    }
}

#[wasm_bindgen_test]
async fn what_is_shown_while_something_holds_is_made_once_for_each_time() {
    let number = RwSignal::new(1);
    let log = Log::default();
    let stage = Stage::new({
        let log = log.clone();
        move || {
            shown_when(
                move || number.get() > 0,
                move || {
                    log.say("made");
                    view! { <p></p> }
                },
            )
        }
    });
    for now in [2, 3, 0, 1] {
        number.set(now);
        tick().await;
    }
    assert_eq!(log.take(), ["made", "made"]);
    assert_eq!(stage.markup(), "<p></p>");
}

#[wasm_bindgen_test]
async fn dropping_what_was_mounted_empties_its_place_and_ends_its_effects() {
    let number = RwSignal::new(0);
    let log = Log::default();
    let mut stage = Stage::new({
        let log = log.clone();
        move || {
            watched(&log, "cleaned up");
            view! { <p></p>{move || { log.say("read"); number.get().to_string() }}<p></p> }
        }
    });
    stage
        .holder
        .append_child(&document().create_element("b").expect("an element"))
        .expect("a place");
    log.take();
    stage.mounted = None;
    assert_eq!(
        stage.holder.inner_html(),
        "<b></b>",
        "only its own nodes go"
    );
    assert_eq!(log.take(), ["cleaned up"]);
    number.set(1);
    tick().await;
    assert!(log.take().is_empty());
}

#[wasm_bindgen_test]
fn a_handler_may_cause_the_event_that_it_handles() {
    let log = Log::default();
    let stage = Stage::new({
        let log = log.clone();
        move || {
            let cause = move |event: Event| {
                log.say("begin");
                if log.len() < 3
                    && let Some(target) = event.target()
                {
                    dispatch(&target, "input");
                }
                log.say("end");
            };
            view! { <input on:input=cause /> }
        }
    });
    dispatch(&stage.find("input"), "input");
    assert_eq!(log.take(), ["begin", "begin", "begin", "end", "end", "end"]);
}

#[wasm_bindgen_test]
async fn a_handler_may_take_its_own_element_away() {
    let shown = RwSignal::new(true);
    let stage = Stage::new(move || {
        view! {
            {move || shown.get().then(|| view! {
                <button on:click:target=move |event| {
                    event.target().remove();
                    shown.set(false);
                }></button>
            })}
        }
    });
    stage.press("button");
    tick().await;
    assert_eq!(stage.markup(), "");
}

#[wasm_bindgen_test]
fn an_event_names_its_target() {
    let typed = RwSignal::new(String::new());
    let stage = Stage::new(move || {
        view! { <input on:input:target=move |event| typed.set(event.target().value()) /> }
    });
    let input = stage.input("input");
    input.set_value("abc");
    dispatch(&input, "input");
    assert_eq!(typed.get_untracked(), "abc");
}

#[component(transparent)]
fn Framed(
    /// Its title.
    title: &'static str,
    /// What is in it.
    children: Inside,
) -> Piece {
    view! { <section title=title>{children()}</section> }
}

#[wasm_bindgen_test]
async fn a_component_tracks_nothing_and_its_inside_follows_signals() {
    let number = RwSignal::new(1_u32);
    let stage = Stage::new(move || {
        view! {
            {move || {
                view! {
                    <Framed title="t">
                        <p>{number.get_untracked()}</p>
                        {move || number.get()}
                    </Framed>
                }
            }}
        }
    });
    let paragraph = stage.find("section p");
    number.set(2);
    tick().await;
    assert_eq!(stage.markup(), r#"<section title="t"><p>1</p>2</section>"#);
    assert_eq!(stage.find("section p"), paragraph);
}
