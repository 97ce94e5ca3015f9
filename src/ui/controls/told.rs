//! What a row of a pool tells a screen reader beside what it shows. While somebody walks through the rows, the focus stays
//! on what holds them, which names the chosen row by its identifier.
//!
//! A row is called what it shows. Only what is needed is written beside that, because rows are many and change often: the
//! identifier and the description of the chosen row, and numbers while somebody may be among the rows.

use web_sys::HtmlElement;

use crate::ui::controls::pool::Attribute;

/// What is told of a row.
#[derive(Default)]
pub struct Told {
    id: Attribute,
    description: Attribute,
    position: Attribute,
    size: Attribute,
    /// As written last.
    place: Option<(u64, u64)>,
}

impl Told {
    /// Which one it is, from 1, and how many there are.
    pub fn number(&mut self, row: &HtmlElement, place: Option<(u64, u64)>) {
        if self.place == place {
            return;
        }
        self.place = place;
        let position = place.map(|(position, _)| position.to_string());
        let size = place.map(|(_, size)| size.to_string());
        self.position
            .set_or_remove(row, "aria-posinset", position.as_deref());
        self.size
            .set_or_remove(row, "aria-setsize", size.as_deref());
    }

    /// It is the chosen one, by this identifier, and this is to be said of it after what it shows; or it is not.
    pub fn choose(&mut self, row: &HtmlElement, chosen: Option<(&str, &str)>) {
        let (id, description) = chosen.unzip();
        self.id.set_or_remove(row, "id", id);
        self.description
            .set_or_remove(row, "aria-description", description);
    }
}

/// What a screen reader leaves out of a row: a sign, or what is said in other words.
pub fn leave_out(element: &HtmlElement) {
    let _ = element.set_attribute("aria-hidden", "true");
}
