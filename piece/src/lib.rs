//! Markup as data: the `view!` macro, and the renderer that makes elements of what it makes and changes them later.
//!
//! A [`Piece`] says what is to be on the page. It is no type of its own for each element and closure, as Leptos' views
//! are, with the code to make, change and take away each: an element is a line of text (a template, see `build`), and a
//! closure is boxed before anything is done with it, so that there is one such code. Signals, effects, owners, contexts
//! and components are Leptos'. `docs/markup.md` says where the two macros differ.
//!
//! What is promised, and held by `tests/browser.rs`:
//!
//! - A piece that follows signals is patched: an element whose template is the same stays, with focus, selection and
//!   scroll position, and only attributes, properties and classes whose value changed are written.
//! - [`rows`] keep their elements, and what was typed into them, as long as their keys are there.
//! - What is taken out of the page takes its effects with it, at once.
//! - A handler may cause the event that it handles.
//! - Text is always a text node.
#![cfg(target_arch = "wasm32")]

mod build;
mod rows;

use std::{borrow::Cow, rc::Rc};

use ::leptos::{
    ev::{EventDescriptor, Targeted},
    prelude::*,
};
use ::web_sys::Element;
pub use midge_piece_macro::view;
use wasm_bindgen::JsCast;

pub use build::{Mounted, mount, mount_to};
use rows::Row;
pub use rows::rows;

// What the macro names.
#[doc(hidden)]
pub use ::{leptos, web_sys};

/// What is to be there.
pub enum Piece {
    /// Nothing.
    Nothing,
    /// A text node.
    Text(Cow<'static, str>),
    /// An element with all in it: the template, and what fills its gaps. See `build` for how a template is written.
    Made(&'static str, Box<[Slot]>),
    /// One after the other.
    Many(Vec<Piece>),
    /// Made anew when a signal that it read has changed.
    Live(Box<dyn FnMut() -> Piece>),
    /// Rows that keep their elements as long as their keys are there.
    Rows(Owner, Vec<Row>),
}

/// What fills a gap of a template.
pub enum Slot {
    /// Something inside.
    Piece(Piece),
    /// A value.
    Set(Value),
    /// A value that follows signals.
    Live(Box<dyn FnMut() -> Value>),
    /// What to do at an event.
    On(Rc<dyn Fn(web_sys::Event)>),
    /// Who wants the element.
    Held(Box<dyn FnOnce(&Element)>),
}

/// The value of an attribute, a property or a class.
#[derive(PartialEq, Eq)]
pub enum Value {
    /// There is none.
    Absent,
    /// It is there.
    Present,
    /// This text.
    Text(Cow<'static, str>),
}

/// A place for an element of the page, to reach it from callbacks.
pub type Held<T> = RwSignal<Option<T>, LocalStorage>;

/// The inside of a component, made once.
pub type Inside = Box<dyn FnOnce() -> Piece>;

/// Calls this at an event: also while it is being called, as a handler may cause the event that it handles.
pub fn on<E>(_event: E, call: impl Fn(E::EventType) + 'static) -> Slot
where
    E: EventDescriptor,
    E::EventType: JsCast,
{
    Slot::On(Rc::new(move |event| call(event.unchecked_into())))
}

/// The same for a callback that asks for the event's target.
pub fn on_target<E, T>(_event: E, call: impl Fn(Targeted<E::EventType, T>) + 'static) -> Slot
where
    E: EventDescriptor,
    E::EventType: JsCast,
{
    Slot::On(Rc::new(move |event| {
        call(Targeted::from(event.unchecked_into::<E::EventType>()))
    }))
}

/// Gives the element away.
pub fn held<T: JsCast + Clone + 'static>(place: Held<T>) -> Slot {
    Slot::Held(Box::new(move |element| {
        place.set(Some(element.clone().unchecked_into()))
    }))
}

/// Shows a piece while something holds.
pub fn shown_when(
    when: impl Fn() -> bool + Send + Sync + 'static,
    piece: impl Fn() -> Piece + 'static,
) -> Piece {
    let when = Memo::new(move |_| when());
    (move || when.get().then(&piece)).into_piece()
}

/// What can be a value.
pub trait IntoValue {
    /// The value.
    fn into_value(self) -> Value;
}

impl IntoValue for bool {
    fn into_value(self) -> Value {
        if self { Value::Present } else { Value::Absent }
    }
}

impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Value::Text(Cow::Borrowed(self))
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(Cow::Owned(self))
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }
}

/// What can be, or can become, the value of an attribute, a property or a class.
pub trait IntoSetting {
    /// The slot.
    fn into_setting(self) -> Slot;
}

impl<F, T> IntoSetting for F
where
    F: FnMut() -> T + 'static,
    T: IntoValue,
{
    fn into_setting(mut self) -> Slot {
        Slot::Live(Box::new(move || self().into_value()))
    }
}

impl<T: IntoValue> IntoSetting for Option<T> {
    fn into_setting(self) -> Slot {
        Slot::Set(self.into_value())
    }
}

/// What can be a piece.
pub trait IntoPiece {
    /// The piece.
    fn into_piece(self) -> Piece;
}

impl<F, T> IntoPiece for F
where
    F: FnMut() -> T + 'static,
    T: IntoPiece,
{
    fn into_piece(mut self) -> Piece {
        Piece::Live(Box::new(move || self().into_piece()))
    }
}

impl IntoPiece for Piece {
    fn into_piece(self) -> Piece {
        self
    }
}

impl IntoPiece for &'static str {
    fn into_piece(self) -> Piece {
        Piece::Text(Cow::Borrowed(self))
    }
}

impl IntoPiece for String {
    fn into_piece(self) -> Piece {
        Piece::Text(Cow::Owned(self))
    }
}

impl<T: IntoPiece> IntoPiece for Option<T> {
    fn into_piece(self) -> Piece {
        self.map_or(Piece::Nothing, T::into_piece)
    }
}

impl<T: IntoPiece> IntoPiece for Vec<T> {
    fn into_piece(self) -> Piece {
        Piece::Many(self.into_iter().map(T::into_piece).collect())
    }
}

/// Numbers, as attributes and as text.
macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl IntoValue for $number {
            fn into_value(self) -> Value {
                self.to_string().into_value()
            }
        }

        impl IntoPiece for $number {
            fn into_piece(self) -> Piece {
                self.to_string().into_piece()
            }
        }
    )*};
}
numbers!(u8, u32, u64, usize);

/// What does not change by itself.
macro_rules! still {
    ($($still:ty),*) => {$(
        impl IntoSetting for $still {
            fn into_setting(self) -> Slot {
                Slot::Set(self.into_value())
            }
        }
    )*};
}
still!(bool, &'static str, String, u8, u32, u64, usize);

/// Signals of text.
macro_rules! signals {
    ($($signal:ty),*) => {$(
        impl IntoSetting for $signal {
            fn into_setting(self) -> Slot {
                (move || self.get()).into_setting()
            }
        }

        impl IntoPiece for $signal {
            fn into_piece(self) -> Piece {
                (move || self.get()).into_piece()
            }
        }
    )*};
}
signals!(Signal<String>, Signal<&'static str>);

/// For the end of a chain of iterators.
pub trait Pieces {
    /// One after the other.
    fn pieces(self) -> Piece;
}

impl<I> Pieces for I
where
    I: IntoIterator,
    I::Item: IntoPiece,
{
    fn pieces(self) -> Piece {
        Piece::Many(self.into_iter().map(IntoPiece::into_piece).collect())
    }
}
