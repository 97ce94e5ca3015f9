//! Names and texts that others chose, as text nodes. Invisible characters are shown as a sign, and characters that change
//! the direction of writing have no effect outside. Copying gives the text itself.

use leptos::prelude::*;
use web_sys::{Document, HtmlElement, Text};

use crate::{
    desk::columns::middle,
    reading::{self, Kind, Part},
    ui::{
        controls::pool::{Line, element},
        piece::{Piece, Pieces, view},
        state::store::Store,
    },
};

/// A name.
pub fn name(text: &str, kind: Kind) -> Piece {
    piece(text, reading::parts(text, kind))
}

/// A name in a place that has so many columns: if they are too few, without its middle.
pub fn name_within(text: &str, kind: Kind, columns: usize) -> Piece {
    let out = reading::is_plain(text, kind)
        .then(|| middle(text, columns))
        .flatten();
    let Some(out) = out else {
        return name(text, kind);
    };
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    view! {
        {part(0, out.start)}<span class="mid">{part(out.start, out.end)}</span>{part(out.end, text.len())}
    }
}

/// Words that may be long, with a place for each of their lines.
pub fn quoted(text: &str) -> Piece {
    piece(text, reading::all_parts(text, Kind::Text))
}

fn piece(text: &str, parts: Vec<Part<'_>>) -> Piece {
    if text.is_ascii() && matches!(parts.as_slice(), [] | [Part::Plain(_)]) {
        return Piece::Text(text.to_owned().into());
    }
    let parts = parts.into_iter().map(|part| match part {
        Part::Plain(text) => Piece::Text(text.to_owned().into()),
        Part::Hidden { text, sign } => {
            view! { <span class="sign" data-sign=sign><span>{text.to_owned()}</span></span> }
        }
    });
    view! { <bdi>{parts.pieces()}</bdi> }
}

/// A name in a row of a pool. It is written only when it has changed, and is one text node unless it has invisible
/// characters.
pub struct NameLine {
    holder: HtmlElement,
    /// The text node for a name without invisible characters.
    plain: Line,
    /// The name that is shown in parts instead, because it has invisible characters.
    marked: Option<String>,
    /// What is behind the start of a name that has no room.
    cut: Option<Cut>,
}

/// The middle of a name, in no room but that of a sign, and its end. All of it is there to be read aloud and copied.
struct Cut {
    element: HtmlElement,
    middle: Line,
    end: Text,
    shown: String,
}

impl NameLine {
    /// An element of this tag and class inside `parent`, holding nothing but this name.
    pub fn inside(document: &Document, parent: &HtmlElement, tag: &str, class: &str) -> Self {
        let (plain, holder) = Line::with_holder(document, parent, tag, class);
        Self {
            holder,
            plain,
            marked: None,
            cut: None,
        }
    }

    /// Shows a name in a place that has so many columns: if they are too few, without its middle.
    pub fn show_within(&mut self, text: &str, kind: Kind, columns: usize) {
        let plain = reading::is_plain(text, kind);
        let out = if plain { middle(text, columns) } else { None };
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let Some(out) = out else {
            self.show_rest("", "");
            return self.show(text, kind);
        };
        self.show_plain(part(0, out.start));
        self.show_rest(part(out.start, out.end), part(out.end, text.len()));
    }

    /// Shows the middle and the end of a name whose start is shown.
    fn show_rest(&mut self, middle: &str, end: &str) {
        if self.cut.is_none() && end.is_empty() {
            return;
        }
        let cut = self.cut.take().or_else(|| {
            let document = self.holder.owner_document()?;
            let (middle, element) = Line::with_holder(&document, &self.holder, "span", "mid");
            let cut = Cut {
                element,
                middle,
                end: document.create_text_node(""),
                shown: String::new(),
            };
            let _ = self.holder.append_child(&cut.end);
            Some(cut)
        });
        let Some(mut cut) = cut else { return };
        cut.middle.show(middle);
        if cut.shown != end {
            cut.end.set_data(end);
            cut.shown.clear();
            cut.shown.push_str(end);
        }
        self.cut = Some(cut);
    }

    /// Shows a name.
    pub fn show(&mut self, text: &str, kind: Kind) {
        if self.marked.as_deref() == Some(text) || self.marked.is_none() && self.plain.shows(text) {
            return;
        }
        if reading::is_plain(text, kind) {
            self.show_plain(text);
            return;
        }
        self.holder.set_text_content(None);
        if let Some(document) = self.holder.owner_document() {
            for part in reading::parts(text, kind) {
                self.add(&document, &part);
            }
        }
        self.marked = Some(text.to_owned());
    }

    /// Shows a text as it is.
    pub fn show_plain(&mut self, text: &str) {
        if self.marked.take().is_some() {
            self.holder.set_text_content(None);
            let _ = self.holder.append_child(self.plain.node());
            if let Some(cut) = &self.cut {
                let _ = self.holder.append_child(&cut.element);
                let _ = self.holder.append_child(&cut.end);
            }
        }
        self.plain.show(text);
    }

    fn add(&self, document: &Document, part: &Part<'_>) {
        let text = match part {
            Part::Plain(text) | Part::Hidden { text, .. } => document.create_text_node(text),
        };
        let Part::Hidden { sign, .. } = part else {
            let _ = self.holder.append_child(&text);
            return;
        };
        let mark = element(document, "span", "sign");
        let _ = mark.set_attribute("data-sign", sign);
        let inside = element(document, "span", "");
        let _ = inside.append_child(&text);
        let _ = mark.append_child(&inside);
        let _ = self.holder.append_child(&mark);
    }
}

/// The hint below a field that names an invisible character in what was typed.
#[component(transparent)]
pub fn HiddenHint(
    /// Identifier on the page.
    id: &'static str,
    /// What was typed.
    #[prop(into)]
    text: Signal<String>,
    /// What it is.
    #[prop(default = Kind::Topic)]
    kind: Kind,
) -> Piece {
    let store = expect_context::<Store>();
    let words = move || {
        let hidden = text.with(|text| reading::first_hidden(text, kind))?;
        // Between two words of a text there was nothing else yet.
        if kind == Kind::Text && hidden.letter == ' ' {
            return None;
        }
        let w = &store.words().rest().shown;
        let code = format!("U+{:04X}", u32::from(hidden.letter));
        let name = (w.hidden_name)(reading::Name::of(hidden.letter));
        Some((w.hidden)(name, &code, hidden.place, hidden.more))
    };
    let words = Memo::new(move |_| words());
    view! {
        <p id=id class="hint unseen" role="status" hidden=move || words.with(Option::is_none)>
            {move || words.get()}
        </p>
    }
}
