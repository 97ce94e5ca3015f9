//! A row of the tree: its elements, and what they show.

use web_sys::{Document, HtmlElement};

use crate::{
    desk::{
        columns::{TreeRoom, indent},
        format,
    },
    link::{Preview, TreeRow},
    payload::rounded,
    reading::Kind,
    ui::{
        controls::{
            name::NameLine,
            pool::{Attribute, Line, Slot, element},
            told::{Told, leave_out},
        },
        words::Words,
    },
};

/// The elements of a row, and what they show.
pub struct LevelRow {
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
pub fn row_id(node: u32) -> String {
    format!("level-{node}")
}

impl LevelRow {
    pub fn show(&mut self, row: &TreeRow, chosen: bool, room: TreeRoom, words: &Words) {
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
