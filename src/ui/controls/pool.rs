//! A pool of row elements that are reused, so that the cost of a long list depends on what is visible and not on how much
//! arrives. This is the only place that changes elements without Leptos, because every frame of a flood passes through it.

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, Text};

use crate::payload::rounded;

/// A text node that is written only when its text has changed. Text from a broker enters the page here, as text.
pub struct Line {
    node: Text,
    shown: String,
}

impl Line {
    /// An element of this tag and class inside `parent`, holding nothing but this text.
    pub fn inside(document: &Document, parent: &HtmlElement, tag: &str, class: &str) -> Self {
        Self::with_holder(document, parent, tag, class).0
    }

    /// The same, and the element.
    pub fn with_holder(
        document: &Document,
        parent: &HtmlElement,
        tag: &str,
        class: &str,
    ) -> (Self, HtmlElement) {
        let holder = element(document, tag, class);
        let node = document.create_text_node("");
        let _ = holder.append_child(&node);
        let _ = parent.append_child(&holder);
        let line = Self {
            node,
            shown: String::new(),
        };
        (line, holder)
    }

    /// Shows `text`.
    pub fn show(&mut self, text: &str) {
        if !self.shows(text) {
            self.node.set_data(text);
            self.shown.clear();
            self.shown.push_str(text);
        }
    }

    /// It shows this already.
    pub fn shows(&self, text: &str) -> bool {
        self.shown == text
    }

    /// What it shows.
    pub fn text(&self) -> &str {
        &self.shown
    }

    /// The text node.
    pub fn node(&self) -> &Text {
        &self.node
    }
}

/// An attribute that is written only when its value has changed.
#[derive(Default)]
pub struct Attribute {
    shown: Option<String>,
}

impl Attribute {
    /// Sets the attribute `name` of `element`.
    pub fn set(&mut self, element: &HtmlElement, name: &str, value: &str) {
        if self.shown.as_deref() != Some(value) {
            let _ = element.set_attribute(name, value);
            self.shown = Some(value.to_owned());
        }
    }

    /// Sets it, or takes it away.
    pub fn set_or_remove(&mut self, element: &HtmlElement, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.set(element, name, value),
            None if self.shown.take().is_some() => {
                let _ = element.remove_attribute(name);
            }
            None => {}
        }
    }
}

/// An element with a class.
pub fn element(document: &Document, tag: &str, class: &str) -> HtmlElement {
    // `create_element` refuses only names that are not element names, and these are our own.
    let element = document.create_element(tag).expect("a known element name");
    element.set_class_name(class);
    element.unchecked_into()
}

/// A length for a style sheet, to a hundredth of a px.
fn length(px: f64) -> String {
    rounded(px, 2) + "px"
}

/// Sets an element's height in px.
pub fn set_height(element: &HtmlElement, px: f64) {
    let _ = element.style().set_property("height", &length(px));
}

/// Moves an element down by px, without a new layout.
pub fn set_down(element: &HtmlElement, px: f64) {
    let _ = element
        .style()
        .set_property("transform", &format!("translateY({})", length(px)));
}

/// One row of a pool.
pub trait Slot {
    /// Makes the row's elements, empty.
    fn new(document: &Document) -> Self;
    /// The row's outermost element.
    fn element(&self) -> &HtmlElement;
    /// It is not in use now, and hidden.
    fn put_away(&mut self);
}

/// The rows, from top to bottom.
pub struct Pool<S> {
    holder: HtmlElement,
    slots: Vec<S>,
    first: Option<i64>,
}

impl<S: Slot> Pool<S> {
    /// An empty pool inside `holder`.
    pub fn new(holder: HtmlElement) -> Self {
        Self {
            holder,
            slots: Vec::new(),
            first: None,
        }
    }

    /// Provides `count` rows, the first of which has the number `first`. Rows that only moved keep their elements, so that a
    /// slow list changes only what is new.
    pub fn lay_out(&mut self, first: i64, count: usize) -> &mut [S] {
        let document = self.holder.owner_document();
        while self.slots.len() < count {
            let Some(document) = &document else { break };
            let slot = S::new(document);
            let _ = self.holder.append_child(slot.element());
            self.slots.push(slot);
        }
        if let Some(last) = self.first.replace(first) {
            self.roll(first - last);
        }
        for (index, slot) in self.slots.iter_mut().enumerate() {
            let unused = index >= count;
            slot.element().set_hidden(unused);
            if unused {
                slot.put_away();
            }
        }
        let count = count.min(self.slots.len());
        &mut self.slots[..count]
    }

    /// Moves rows from one end to the other. A positive number means that the list was scrolled up.
    fn roll(&mut self, by: i64) {
        let length = self.slots.len();
        let Ok(steps) = usize::try_from(by.unsigned_abs()) else {
            return;
        };
        if steps == 0 || steps >= length {
            return;
        }
        if by > 0 {
            for slot in &self.slots[..steps] {
                let _ = self.holder.append_child(slot.element());
            }
            self.slots.rotate_left(steps);
        } else {
            let top = self.slots[0].element().clone();
            for slot in &self.slots[length - steps..] {
                let _ = self.holder.insert_before(slot.element(), Some(&top));
            }
            self.slots.rotate_right(steps);
        }
    }
}
