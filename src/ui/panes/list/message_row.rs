//! One row of the list of messages.

use web_sys::{Document, HtmlElement};

use crate::{
    desk::{columns::ListRoom, format},
    link::{Pair, Preview, Row},
    protocol::Qos,
    reading::Kind,
    ui::{
        controls::{
            name::NameLine,
            pool::{Attribute, Line, Slot, element},
            told::{Told, leave_out},
        },
        state::calendar::Calendar,
        words::Words,
    },
};

/// Columns of text of a time of day.
const CLOCK_COLUMNS: usize = 12;

/// The elements of a row, and what they show.
pub struct MessageRow {
    element: HtmlElement,
    shown: Option<(Row, bool, &'static str, i64, ListRoom)>,
    class: Attribute,
    topic_attribute: Attribute,
    seq: Attribute,
    chosen: Attribute,
    time: Line,
    direction: Line,
    direction_element: HtmlElement,
    direction_name: Attribute,
    topic: NameLine,
    payload: NameLine,
    payload_class: Attribute,
    payload_element: HtmlElement,
    flaw: Line,
    flaw_element: HtmlElement,
    flaw_title: Attribute,
    retained: Line,
    again: Line,
    pair: Line,
    pair_element: HtmlElement,
    pair_class: Attribute,
    pair_seq: Attribute,
    pair_title: Attribute,
    qos: Line,
    qos_element: HtmlElement,
    qos_class: Attribute,
    size: Line,
    told: Told,
}

impl Slot for MessageRow {
    fn new(document: &Document) -> Self {
        let row = element(document, "div", "row");
        let _ = row.set_attribute("role", "option");
        let _ = row.append_child(&element(document, "i", ""));
        let inside =
            |parent: &HtmlElement, class: &str| Line::inside(document, parent, "span", class);
        // The topic is what somebody listens for. The time is said last, and of the chosen row alone.
        let (time, time_element) = Line::with_holder(document, &row, "span", "t num quiet");
        leave_out(&time_element);
        let (direction, direction_element) = Line::with_holder(document, &row, "span", "dir quiet");
        let _ = direction_element.set_attribute("role", "img");
        let topic = NameLine::inside(document, &row, "span", "tp whole");
        let payload_element = element(document, "span", "pl");
        let payload = NameLine::inside(document, &payload_element, "span", "");
        let _ = row.append_child(&payload_element);
        let badges = element(document, "span", "bd");
        let pair_element = element(document, "span", "");
        let pair = Line::inside(document, &pair_element, "span", "");
        let _ = badges.append_child(&pair_element);
        let flaw_element = element(document, "span", "");
        let flaw = Line::inside(document, &flaw_element, "span", "tag flaw");
        let _ = badges.append_child(&flaw_element);
        let retained = inside(&badges, "tag retained");
        let again = inside(&badges, "tag");
        let qos_element = element(document, "span", "");
        let qos = Line::inside(document, &qos_element, "span", "");
        let _ = badges.append_child(&qos_element);
        let _ = row.append_child(&badges);
        let size = inside(&row, "sz num");
        Self {
            element: row,
            shown: None,
            class: Attribute::default(),
            topic_attribute: Attribute::default(),
            seq: Attribute::default(),
            chosen: Attribute::default(),
            time,
            direction,
            direction_element,
            direction_name: Attribute::default(),
            topic,
            payload,
            payload_class: Attribute::default(),
            payload_element,
            flaw,
            flaw_element,
            flaw_title: Attribute::default(),
            retained,
            again,
            pair,
            pair_element,
            pair_class: Attribute::default(),
            pair_seq: Attribute::default(),
            pair_title: Attribute::default(),
            qos,
            qos_element,
            qos_class: Attribute::default(),
            size,
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

/// The identifier of the row of a message, while that is chosen.
pub fn row_id(seq: u64) -> String {
    format!("message-{seq}")
}

/// What a row depends on beside its message.
#[derive(Clone, Copy)]
pub struct Setting {
    /// The message is chosen.
    pub chosen: bool,
    /// Days since the Unix epoch, local time.
    pub today: i64,
    /// Columns that there are for each part.
    pub room: ListRoom,
}

impl MessageRow {
    /// Shows a message. `scratch` is reused from row to row.
    pub fn show(
        &mut self,
        row: &Row,
        setting: Setting,
        calendar: Calendar,
        words: &'static Words,
        scratch: &mut String,
    ) {
        let Setting {
            chosen,
            today,
            room,
        } = setting;
        // The language's own word stands for the language.
        let state = (row, chosen, words.rest().retained, today, room);
        let shown = self.shown.as_ref();
        if shown.is_some_and(|(row, chosen, retained, today, room)| {
            (row, *chosen, *retained, *today, *room) == state
        }) {
            return;
        }
        let element = &self.element;
        self.seq.set(element, "data-seq", &row.seq.to_string());
        self.topic_attribute.set(element, "data-topic", &row.topic);
        self.chosen.set(
            element,
            "aria-selected",
            if chosen { "true" } else { "false" },
        );
        let packet = !row.packet.is_empty();
        scratch.clear();
        scratch.push_str("row");
        if let Some(colour) = row.colour {
            scratch.push_str(" c");
            scratch.push(char::from(b'0' + colour % 8));
        }
        // The stripes go with the message, not with the place, so that a moving list does not flicker.
        if packet {
            scratch.push_str(" packet");
        }
        if row.malformed {
            scratch.push_str(" malformed");
        }
        if row.flawed {
            scratch.push_str(" flawed");
        }
        if row.position % 2 == 1 {
            scratch.push_str(" odd");
        }
        self.class.set(element, "class", scratch);
        scratch.clear();
        calendar
            .moment(row.time)
            .on(today, words.rest().shown.date, scratch);
        // Thousandths are the first to go.
        let most = scratch.len().saturating_sub(CLOCK_COLUMNS - room.clock());
        scratch.truncate(most);
        self.time.show(scratch);
        self.direction.show(if row.outgoing { "↑" } else { "↓" });
        let way = if row.outgoing {
            words.rest().sent
        } else {
            words.rest().received
        };
        self.direction_name
            .set(&self.direction_element, "aria-label", way);
        let (kind, text) = match &row.preview {
            Preview::Empty => ("pl word", words.rest().empty_payload),
            Preview::Text(text) => ("pl", text.as_str()),
            Preview::Kind(kind) => {
                scratch.clear();
                scratch.push_str(kind);
                scratch.push_str(", ");
                scratch.push_str(&format::size(u64::from(row.size)));
                ("pl word", scratch.as_str())
            }
            Preview::Hex(hex) => ("pl hex", hex.as_str()),
        };
        let topic = if packet { &row.packet } else { &row.topic };
        self.topic.show_within(topic, Kind::Topic, room.topic(text));
        if packet {
            // Names are in it. A payload is no name: how it is written is its sender's own affair.
            self.payload.show(text, Kind::Text);
        } else {
            self.payload.show_plain(text);
        }
        self.payload_class.set(&self.payload_element, "class", kind);
        self.flaw.show(if row.flawed {
            words.rest().work.remarks.flawed
        } else {
            ""
        });
        let title = row.flawed.then_some(words.rest().work.remarks.flawed_title);
        self.flaw_title
            .set_or_remove(&self.flaw_element, "title", title);
        self.retained.show(if row.retain {
            words.rest().retained
        } else {
            ""
        });
        self.again
            .show(if row.dup { words.rest().again } else { "" });
        self.show_pair(row.pair, words);
        let (class, qos) = match row.qos {
            Qos::AtMostOnce => ("", ""),
            Qos::AtLeastOnce => ("tag q1", "QoS 1"),
            Qos::ExactlyOnce => ("tag q2", "QoS 2"),
        };
        self.qos_class.set(&self.qos_element, "class", class);
        self.qos.show(qos);
        self.size.show(&format::size(u64::from(row.size)));
        self.shown = Some((row.clone(), chosen, words.rest().retained, today, room));
    }

    /// Tells of the row without showing anything: which one of how many it is, and when the chosen one came.
    pub fn tell(&mut self, row: &Row, chosen: bool, place: Option<(u64, u64)>) {
        self.told.number(&self.element, place);
        let id = chosen.then(|| row_id(row.seq));
        let chosen = id.as_deref().map(|id| (id, self.time.text()));
        self.told.choose(&self.element, chosen);
    }

    /// The mark of a request or a response: pressed, it leads to the other.
    fn show_pair(&mut self, pair: Option<Pair>, words: &'static Words) {
        let w = &words.rest().work.pairs;
        let (text, title, seq) = match pair {
            None => (String::new(), None, None),
            Some(Pair::Request { response: None }) => {
                (w.request.to_owned(), Some(w.unanswered), None)
            }
            Some(Pair::Request {
                response: Some(seq),
            }) => (format!("{} →", w.request), Some(w.to_response), Some(seq)),
            Some(Pair::Response { request, after }) => (
                format!("← {}", format::span(after)),
                Some(w.to_request),
                Some(request),
            ),
        };
        let class = match (pair, seq) {
            (None, _) => "",
            (_, None) => "tag pair",
            (_, Some(_)) => "tag pair jump",
        };
        let seq = seq.map(|seq| seq.to_string());
        let element = &self.pair_element;
        self.pair.show(&text);
        self.pair_class.set(element, "class", class);
        self.pair_title.set_or_remove(element, "title", title);
        self.pair_seq
            .set_or_remove(element, "data-pair", seq.as_deref());
    }
}
