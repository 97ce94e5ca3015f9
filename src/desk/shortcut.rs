//! Which key does what, anywhere on the page. Keys of a list or a field are their own affair, and a letter that is typed
//! into a field is never a command.

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Open the commands.
    Commands,
    /// Show the keys.
    Keys,
    /// Show a value large, or go back from there.
    Projector,
    /// Type a filter for the messages.
    Filter,
    /// Close what is open.
    Close,
    /// Go to the next pane.
    NextPane,
    /// Go to the one before.
    PreviousPane,
    /// Go from the inspector back to the messages.
    Back,
}

/// Where the focus is while a key is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In something that takes text or chooses by letters.
    pub typing: bool,
    /// On the inspector as a whole, where an arrow to the side moves nothing.
    pub inspector: bool,
    /// A dialog is open, which has Escape for itself.
    pub dialog: bool,
    /// That dialog is the projector, which its own key closes.
    pub projector: bool,
    /// Keys of one character are commands here. They are in the way of whoever dictates, so they can be turned off.
    pub characters: bool,
    /// The machine is a Mac, whose Control key edits text.
    pub mac: bool,
}

/// A key that was pressed, as the browser names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Press<'a> {
    /// What it writes: `k`, `?`, `F6`.
    pub key: &'a str,
    /// Where it is: `KeyK`. Under a layout that is not Latin, `key` is another letter.
    pub code: &'a str,
    /// With Control.
    pub control: bool,
    /// With Command, or the Windows key.
    pub command: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift.
    pub shift: bool,
    /// It is part of a character that an input method composes.
    pub composing: bool,
}

/// What this key asks for here.
pub fn shortcut(press: Press<'_>, place: Place) -> Option<Shortcut> {
    if press.composing || press.alt {
        return None;
    }
    let (wanted, other) = if place.mac {
        (press.command, press.control)
    } else {
        (press.control, press.command)
    };
    if wanted || other {
        let is_k =
            press.key.eq_ignore_ascii_case("k") || (!press.key.is_ascii() && press.code == "KeyK");
        return (is_k && wanted && !other && !press.shift).then_some(Shortcut::Commands);
    }
    let projector = press.key.eq_ignore_ascii_case("p") && place.characters && !place.typing;
    if place.dialog {
        return (projector && place.projector).then_some(Shortcut::Projector);
    }
    match press.key {
        "Escape" => Some(Shortcut::Close),
        "F6" if press.shift => Some(Shortcut::PreviousPane),
        "F6" => Some(Shortcut::NextPane),
        "ArrowLeft" if place.inspector && !press.shift => Some(Shortcut::Back),
        "?" if place.characters && !place.typing => Some(Shortcut::Keys),
        _ if projector => Some(Shortcut::Projector),
        "/" if place.characters && !place.typing => Some(Shortcut::Filter),
        _ => None,
    }
}
