//! Attributes of a row for screen readers. While somebody moves through the rows, the focus stays on their container, which
//! refers to the chosen row by its identifier (`aria-activedescendant`).
//!
//! The name of a row is its visible text. Few attributes are written, because there are many rows and they change often:
//! identifier and description of the chosen row, and positions while the container may have the focus.

use web_sys::HtmlElement;

use crate::ui::controls::pool::Attribute;

/// The attributes of a row.
#[derive(Default)]
pub struct Told {
    id: Attribute,
    description: Attribute,
    position: Attribute,
    size: Attribute,
    /// The values that were written last.
    place: Option<(u64, u64)>,
}

impl Told {
    /// Sets its position, from 1, and how many rows there are.
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

    /// Sets identifier and description if it is the chosen row, and removes them otherwise.
    pub fn choose(&mut self, row: &HtmlElement, chosen: Option<(&str, &str)>) {
        let (id, description) = chosen.unzip();
        self.id.set_or_remove(row, "id", id);
        self.description
            .set_or_remove(row, "aria-description", description);
    }
}

/// Hides an element from screen readers: a sign, or a text that they get in other words.
pub fn leave_out(element: &HtmlElement) {
    let _ = element.set_attribute("aria-hidden", "true");
}
