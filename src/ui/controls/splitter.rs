//! The line between two columns. It can be dragged, moved by keys, and reset by a double click. Its position is stored.

use leptos::{ev::Targeted, prelude::*};
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use crate::{
    browser::{page_size, resize_observer, storage},
    desk::splitting::{LEFT, RIGHT, Side, kept},
    ui::{
        piece::{Held, Piece, view},
        state::store::Store,
        words::Words,
    },
};

/// The chosen widths of the columns at the sides. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Widths {
    left: RwSignal<f64>,
    right: RwSignal<f64>,
    /// The page's own width.
    page: RwSignal<f64>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Beside subscriptions and topics.
    Left,
    /// Beside the inspector.
    Right,
}

impl Edge {
    fn name(self) -> &'static str {
        match self {
            Self::Left => "midge.left",
            Self::Right => "midge.right",
        }
    }

    fn side(self) -> Side {
        match self {
            Self::Left => LEFT,
            Self::Right => RIGHT,
        }
    }
}

impl Widths {
    /// As they were kept.
    pub fn remembered() -> Self {
        let width = |edge: Edge| {
            let kept = storage::read(edge.name()).and_then(|text| kept(&text));
            RwSignal::new(kept.unwrap_or(edge.side().usual))
        };
        let page = RwSignal::new(page_size::width());
        if let Some(body) = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.body())
        {
            // It lives as long as the page.
            resize_observer::watch(&body, move |_, _| {
                let width = page_size::width();
                if page.get_untracked() != width {
                    page.set(width);
                }
            });
        }
        Self {
            left: width(Edge::Left),
            right: width(Edge::Right),
            page,
        }
    }

    /// Sets the widths as properties of this element's style. The page's policy forbids style attributes.
    pub fn follow(self, element: Held<HtmlElement>) {
        Effect::new(move |_| {
            let (left, right) = (self.shown(Edge::Left), self.shown(Edge::Right));
            if let Some(element) = element.get() {
                let scale = page_size::scale();
                for (name, width) in [("--left", left), ("--right", right)] {
                    let width = (width as f64 * scale).round() as i64;
                    let _ = element.style().set_property(name, &format!("{width}px"));
                }
            }
        });
    }

    fn of(self, edge: Edge) -> RwSignal<f64> {
        match edge {
            Edge::Left => self.left,
            Edge::Right => self.right,
        }
    }

    /// The chosen widths, limited by the width of the page. Tracks both.
    fn shown(self, edge: Edge) -> i64 {
        edge.side().fitting(self.of(edge).get(), self.page.get()) as i64
    }

    fn put(self, edge: Edge, wanted: f64) {
        let width = edge.side().fitting(wanted, self.page.get_untracked());
        if self.of(edge).get_untracked() != width {
            self.of(edge).set(width);
        }
    }
}

/// The line.
#[component(transparent)]
pub fn Splitter(
    /// Which.
    edge: Edge,
    /// The widths that it changes.
    widths: Widths,
    /// What it is called.
    name: fn(&Words) -> &'static str,
) -> Piece {
    let store = expect_context::<Store>();
    let width = widths.of(edge);
    let dragged = StoredValue::new(false);
    let keep = move || {
        let text = format!("{}", width.get_untracked() as i64);
        store.say_if_unstored(storage::write(edge.name(), &text));
    };
    let begin = move |event: Targeted<PointerEvent, HtmlElement>| {
        if event.button() == 0 {
            dragged.set_value(true);
            let _ = event.target().set_pointer_capture(event.pointer_id());
            event.prevent_default();
            let _ = event.target().focus();
        }
    };
    let drag = move |event: PointerEvent| {
        if dragged.get_value() {
            let at = f64::from(event.client_x()) / page_size::scale();
            widths.put(
                edge,
                match edge {
                    Edge::Left => at,
                    Edge::Right => page_size::width() - at,
                },
            );
        }
    };
    let end = move |_: PointerEvent| {
        if dragged.get_value() {
            dragged.set_value(false);
            keep();
        }
    };
    let reset = move |_: MouseEvent| {
        widths.put(edge, edge.side().usual);
        storage::remove(edge.name());
    };
    let press = move |event: KeyboardEvent| {
        let (widens, narrows) = match edge {
            Edge::Left => ("ArrowRight", "ArrowLeft"),
            Edge::Right => ("ArrowLeft", "ArrowRight"),
        };
        let now = untrack(|| widths.shown(edge)) as f64;
        let most = edge.side().most(widths.page.get_untracked());
        let wanted = edge.side().by_key(&event.key(), now, most, widens, narrows);
        if let Some(wanted) = wanted {
            event.prevent_default();
            widths.put(edge, wanted);
            keep();
        }
    };
    let class = match edge {
        Edge::Left => "splitter left",
        Edge::Right => "splitter right",
    };
    view! {
        <div
            class=class
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=store.text(name)
            aria-valuenow=move || widths.shown(edge).to_string()
            aria-valuemin=(edge.side().least as i64).to_string()
            aria-valuemax=move || (edge.side().most(widths.page.get()) as i64).to_string()
            on:pointerdown:target=begin
            on:pointermove=drag
            on:pointerup=end
            on:pointercancel=end
            on:dblclick=reset
            on:keydown=press
        ></div>
    }
}
