//! Makes elements of pieces, and changes them as the next piece says: an element of the same template stays, so that
//! focus, selection and scroll position stay with it.
//!
//! A template is a line of marks, most with a name or a text after it that ends in U+0001:
//! `<` and `{` open an element, the latter one of a drawing; `>` closes it; `=` is an attribute and its text; `"` is a
//! text. The others are gaps: `@` an attribute, `.` a property, `:` a class, `!` an event or who wants the element, `#`
//! something inside.

use std::{borrow::Cow, cell::RefCell, rc::Rc};

use any_spawner::Executor;
use leptos::{prelude::*, reactive::effect::RenderEffect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Comment, Document, Element, Event, Node, Text};

use crate::{Piece, Slot, Value, rows::RowStates};

/// Ends a name or a text.
const END: char = '\u{1}';
const SVG: &str = "http://www.w3.org/2000/svg";

/// What is there.
pub enum State {
    /// Nothing; the comment keeps its place.
    Nothing(Comment),
    /// A text node and its text.
    Text(Text, Cow<'static, str>),
    /// An element.
    Made(&'static str, Element, Vec<SlotState>),
    /// One after the other; the comment is the end.
    Many(Vec<State>, Comment),
    /// What follows signals.
    Live(Following),
    /// Rows.
    Rows(RowStates),
}

/// An effect that makes what is there.
pub struct Following(RenderEffect<State>);

impl Drop for Following {
    /// What it made goes at once. The effect's task keeps it for a moment longer, and effects in it that are due already
    /// would read signals that are gone.
    fn drop(&mut self) {
        drop(self.0.take_value());
    }
}

/// What is called at an event. The listener has it too, so that another can take its place.
type Called = Rc<RefCell<Rc<dyn Fn(Event)>>>;

/// What is in a gap.
pub enum SlotState {
    Piece(State),
    Set(Gap, Value),
    Live(Gap, RenderEffect<Value>),
    On(Called),
    Held,
}

/// An attribute, a property or a class of an element.
#[derive(Clone)]
pub struct Gap {
    element: Element,
    mark: char,
    name: &'static str,
}

impl Gap {
    fn set(&self, value: &Value) {
        let Self { element, name, .. } = self;
        let there = *value != Value::Absent;
        let text = match value {
            Value::Text(text) => text,
            _ => "",
        };
        // None of these fails for a name that is one.
        let _ = match self.mark {
            ':' => element
                .class_list()
                .toggle_with_force(name, there)
                .map(drop),
            '.' => {
                let value = match value {
                    Value::Text(text) => JsValue::from_str(text),
                    _ => JsValue::from_bool(there),
                };
                js_sys::Reflect::set(element, &JsValue::from_str(name), &value).map(drop)
            }
            _ if there => element.set_attribute(name, text),
            _ => element.remove_attribute(name),
        };
    }

    fn follow(self, mut value: Box<dyn FnMut() -> Value>, before: Option<Value>) -> SlotState {
        let gap = self.clone();
        let follow = move |before: Option<Value>| {
            let now = value();
            if before.as_ref() != Some(&now) {
                gap.set(&now);
            }
            now
        };
        SlotState::Live(self, RenderEffect::new_with_value(follow, before))
    }
}

fn document() -> Document {
    document_of_page().expect("the page has a document")
}

fn document_of_page() -> Option<Document> {
    web_sys::window()?.document()
}

/// A comment that keeps a place.
pub fn place() -> Comment {
    document().create_comment("")
}

/// Takes a node out of the page.
pub fn take_out(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

/// Puts a node before another, or at the end.
pub fn put_in(node: &Node, parent: &Node, before: Option<&Node>) {
    let _ = parent.insert_before(node, before);
}

/// A piece that is on the page until this is dropped.
#[must_use = "what is dropped leaves the page"]
pub struct Mounted {
    state: Option<State>,
    owner: Owner,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(state) = self.state.take() {
            state.unmount();
        }
        self.owner.cleanup();
    }
}

/// Puts a piece at the end of an element.
pub fn mount_to(parent: &Node, piece: impl FnOnce() -> Piece) -> Mounted {
    // An error would mean that there is an executor.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let state = owner.with(|| {
        let state = build(piece());
        state.mount(parent, None);
        state
    });
    Mounted {
        state: Some(state),
        owner,
    }
}

/// Puts a piece at the end of the page, for as long as the page lives.
pub fn mount(piece: impl FnOnce() -> Piece) {
    if let Some(body) = document().body() {
        std::mem::forget(mount_to(&body, piece));
    }
}

/// Makes it.
pub fn build(piece: Piece) -> State {
    match piece {
        Piece::Nothing => State::Nothing(place()),
        Piece::Text(text) => State::Text(document().create_text_node(&text), text),
        Piece::Made(template, slots) => make(template, slots),
        Piece::Many(pieces) => State::Many(pieces.into_iter().map(build).collect(), place()),
        Piece::Live(mut piece) => State::Live(Following(RenderEffect::new(move |state| {
            let piece = piece();
            match state {
                Some(mut state) => {
                    patch(&mut state, piece);
                    state
                }
                None => build(piece),
            }
        }))),
        Piece::Rows(owner, rows) => State::Rows(RowStates::build(owner, rows)),
    }
}

fn make(template: &'static str, slots: Box<[Slot]>) -> State {
    let document = document();
    let mut states = Vec::with_capacity(slots.len());
    let mut slots = slots.into_vec().into_iter();
    let mut rest = template;
    // The open elements, outermost first.
    let mut open: Vec<Element> = Vec::new();
    loop {
        let mut marks = rest.chars();
        let mark = marks.next().unwrap_or('>');
        rest = marks.as_str();
        if mark == '>' {
            let done = open.pop().expect("a template opens what it closes");
            if open.is_empty() {
                return State::Made(template, done, states);
            }
            continue;
        }
        let name = if mark == '#' { "" } else { word(&mut rest) };
        if matches!(mark, '<' | '{') {
            let space = (mark == '{').then_some(SVG);
            let element = match space {
                Some(_) => document.create_element_ns(space, name),
                None => document.create_element(name),
            };
            let element = element.expect("a template names elements");
            if let Some(parent) = open.last() {
                put_in(&element, parent, None);
            }
            open.push(element);
            continue;
        }
        let element = open.last().expect("a template starts with an element");
        match mark {
            '=' => {
                let _ = element.set_attribute(name, word(&mut rest));
            }
            '"' => put_in(&document.create_text_node(name), element, None),
            _ => {
                if let Some(slot) = slots.next() {
                    states.push(fill(slot, element, mark, name));
                }
            }
        }
    }
}

/// Takes the next name or text off a template.
fn word(rest: &mut &'static str) -> &'static str {
    let (word, after) = rest.split_once(END).unwrap_or((rest, ""));
    *rest = after;
    word
}

fn fill(slot: Slot, element: &Element, mark: char, name: &'static str) -> SlotState {
    let gap = || Gap {
        element: element.clone(),
        mark,
        name,
    };
    match slot {
        Slot::Piece(piece) => {
            let state = build(piece);
            state.mount(element, None);
            SlotState::Piece(state)
        }
        Slot::Set(value) => {
            let gap = gap();
            if value != Value::Absent {
                gap.set(&value);
            }
            SlotState::Set(gap, value)
        }
        Slot::Live(value) => gap().follow(value, None),
        Slot::On(call) => {
            let call = Rc::new(RefCell::new(call));
            let called = Rc::clone(&call);
            let listener = Closure::<dyn Fn(Event)>::new(move |event| {
                // Not borrowed while it is called: it may cause the same event, or be replaced.
                let call = Rc::clone(&called.borrow());
                call(event);
            });
            // The browser frees it with the element: an event may still come when the element is gone from the page.
            let listener = listener.into_js_value();
            let _ = element.add_event_listener_with_callback(name, listener.unchecked_ref());
            SlotState::On(call)
        }
        Slot::Held(give) => {
            give(element);
            SlotState::Held
        }
    }
}

/// Changes what is there to what is to be there.
fn patch(state: &mut State, piece: Piece) {
    match (state, piece) {
        (State::Nothing(_), Piece::Nothing) => {}
        (State::Text(node, before), Piece::Text(text)) => {
            if *before != text {
                node.set_data(&text);
                *before = text;
            }
        }
        (State::Made(made, _, states), Piece::Made(template, slots)) if *made == template => {
            for (state, slot) in states.iter_mut().zip(slots.into_vec()) {
                refill(state, slot);
            }
        }
        (State::Many(states, end), Piece::Many(pieces)) => {
            for gone in states.drain(pieces.len().min(states.len())..) {
                gone.unmount();
            }
            let mut pieces = pieces.into_iter();
            for (state, piece) in states.iter_mut().zip(&mut pieces) {
                patch(state, piece);
            }
            for piece in pieces {
                let state = build(piece);
                if let Some(parent) = end.parent_node() {
                    state.mount(&parent, Some(end));
                }
                states.push(state);
            }
        }
        (State::Rows(states), Piece::Rows(owner, rows)) => states.patch(owner, rows),
        (state, piece) => {
            let new = build(piece);
            let first = state.first();
            if let Some(parent) = first.parent_node() {
                new.mount(&parent, Some(&first));
            }
            state.unmount();
            *state = new;
        }
    }
}

fn refill(state: &mut SlotState, slot: Slot) {
    match (state, slot) {
        (SlotState::Piece(state), Slot::Piece(piece)) => patch(state, piece),
        (SlotState::On(before), Slot::On(call)) => *before.borrow_mut() = call,
        (SlotState::Held, _) => {}
        (state, slot) => {
            let (gap, before) = match state {
                SlotState::Set(gap, before) => {
                    (gap.clone(), Some(std::mem::replace(before, Value::Absent)))
                }
                SlotState::Live(gap, before) => (gap.clone(), before.take_value()),
                _ => return,
            };
            *state = match slot {
                Slot::Live(value) => gap.follow(value, before),
                Slot::Set(value) => {
                    if before.as_ref() != Some(&value) {
                        gap.set(&value);
                    }
                    SlotState::Set(gap, value)
                }
                _ => return,
            };
        }
    }
}

impl State {
    /// Puts it before a node, or at the end.
    pub fn mount(&self, parent: &Node, before: Option<&Node>) {
        match self {
            Self::Nothing(node) => put_in(node, parent, before),
            Self::Text(node, _) => put_in(node, parent, before),
            Self::Made(_, node, _) => put_in(node, parent, before),
            Self::Many(states, end) => {
                for state in states {
                    state.mount(parent, before);
                }
                put_in(end, parent, before);
            }
            Self::Live(Following(effect)) => {
                effect.with_value_mut(|state| state.mount(parent, before));
            }
            Self::Rows(rows) => rows.mount(parent, before),
        }
    }

    /// Takes it out of the page.
    pub fn unmount(&self) {
        match self {
            Self::Nothing(node) => take_out(node),
            Self::Text(node, _) => take_out(node),
            Self::Made(_, node, _) => take_out(node),
            Self::Many(states, end) => {
                for state in states {
                    state.unmount();
                }
                take_out(end);
            }
            Self::Live(Following(effect)) => {
                effect.with_value_mut(|state| state.unmount());
            }
            Self::Rows(rows) => rows.unmount(),
        }
    }

    /// Its first node.
    pub fn first(&self) -> Node {
        match self {
            Self::Nothing(node) => node.clone().into(),
            Self::Text(node, _) => node.clone().into(),
            Self::Made(_, node, _) => node.clone().into(),
            Self::Many(states, end) => states
                .first()
                .map_or_else(|| end.clone().into(), State::first),
            Self::Live(Following(effect)) => effect
                .with_value_mut(|state| state.first())
                .expect("what follows signals has run"),
            Self::Rows(rows) => rows.first(),
        }
    }

    /// Its last node.
    pub fn last(&self) -> Node {
        match self {
            Self::Many(_, end) => end.clone().into(),
            Self::Live(Following(effect)) => effect
                .with_value_mut(|state| state.last())
                .expect("what follows signals has run"),
            Self::Rows(rows) => rows.last(),
            _ => self.first(),
        }
    }
}
