//! The rows of the list: joins the elements, the window on them, where the list stands, and the answers of the engine.

mod walking;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::{
    browser::{page_size, resize_observer},
    desk::{
        columns::{Lines, ListRoom},
        holding::{Holding, Walker},
        window::Window,
    },
    link::{List, ListView, Row, Target},
    payload, reading,
    ui::{
        controls::{
            pool::{Attribute, Pool, set_down, set_height},
            whole::Whole,
        },
        panes::list::message_row::{MessageRow, Setting, row_id},
        piece::Held,
        state::{
            calendar::Calendar,
            store::{Store, narrow},
        },
        words::Words,
    },
};

/// The height of a row until the style sheet has been asked for it.
const ROW: f64 = 28.0;
/// Rows above and below the visible ones.
const SPARE: u64 = 6;
/// A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Rows {
    store: Store,
    /// The query that the rows answer: what is typed, or while that cannot be read, what was typed before.
    pub asked: Memo<String>,
    pub viewport: Held<HtmlElement>,
    pub tall: Held<HtmlElement>,
    pub rows: Held<HtmlElement>,
    /// As wide as a hundred letters.
    pub letters: Held<HtmlElement>,
    /// What a row has room for.
    room: RwSignal<ListRoom>,
    /// The topic under the pointer is shown whole.
    whole: Whole,
    holding: RwSignal<Holding>,
    window: StoredValue<Window>,
    pool: StoredValue<Option<Pool<MessageRow>>, LocalStorage>,
    /// Columns of text that dates have now, beside the time of day.
    date_room: StoredValue<usize>,
    /// Where somebody walks by keys.
    walker: StoredValue<Walker>,
    /// The list has the focus.
    focused: RwSignal<bool>,
    active: StoredValue<Attribute, LocalStorage>,
}

impl Rows {
    /// Draws the rows from now on, into the elements as soon as they are there.
    pub fn start(store: Store) -> Self {
        let asked = Memo::new(move |before: Option<&String>| {
            let typed = store.chrome.filter.get();
            if reading::read_query(&typed).is_ok() {
                typed
            } else {
                before.cloned().unwrap_or_default()
            }
        });
        let rows = Self {
            store,
            asked,
            viewport: Held::new_local(None),
            tall: Held::new_local(None),
            rows: Held::new_local(None),
            letters: Held::new_local(None),
            room: RwSignal::new(ListRoom::new(1000.0, 7.5, 16.0, false)),
            whole: Whole::default(),
            holding: RwSignal::default(),
            window: StoredValue::new(Window::new(ROW, SPARE)),
            pool: StoredValue::new_local(None),
            date_room: StoredValue::new(0),
            walker: StoredValue::default(),
            focused: RwSignal::new(false),
            active: StoredValue::new_local(Attribute::default()),
        };
        Effect::new(move |_| rows.take_elements());
        Effect::new(move |before: Option<(String, bool)>| {
            let asked = (asked.get(), store.chrome.packets.get());
            if before.is_some_and(|before| before != asked) {
                rows.walker.set_value(Walker::default());
                rows.scroll_to(0);
                rows.turn(Holding::asked_anew);
            }
            asked
        });
        Effect::new(move |_| {
            let chosen = store.chrome.here();
            let words = store.words();
            let today = store.speech.calendar.today.get();
            let focused = rows.focused.get();
            rows.room.track();
            store
                .told
                .list
                .with(|list| rows.draw(list, chosen, focused, today, words));
            rows.arrive();
        });
        rows
    }

    /// The user asked the list to hold still.
    pub fn paused(self) -> Memo<bool> {
        Memo::new(move |_| self.holding.with(Holding::is_paused))
    }

    /// How many messages wait above it; `None` while it follows.
    pub fn newer(self) -> Option<u64> {
        self.holding
            .with(|holding| self.store.told.list.with(|list| holding.newer(list)))
    }

    /// Holds the list still.
    pub fn pause(self) {
        let end = self.end();
        self.turn(|holding| holding.pause(end));
    }

    /// Back to the newest.
    pub fn to_top(self) {
        self.scroll_to(0);
        self.turn(Holding::follow);
    }

    /// Holds it still with this position at the top, if positions are still counted as they were then.
    pub fn show_at(self, position: u64, numbering: u32) {
        if self.store.told.list.with_untracked(|list| list.numbering) == numbering {
            self.stop_walking();
            self.turn(|holding| holding.pause(position + 1));
            self.scroll_to(0);
        }
    }

    /// The user scrolled, or the list did.
    pub fn scrolled(self) {
        if let Some(scroll) = self.scroll() {
            let end = self.end();
            self.turn(|holding| holding.scrolled(scroll > 1.0, end));
        }
    }

    fn take_elements(self) {
        let (Some(viewport), Some(rows)) = (self.viewport.get(), self.rows.get()) else {
            return;
        };
        self.pool.set_value(Some(Pool::new(rows)));
        let element: Element = viewport.unchecked_into();
        resize_observer::watch(&element.clone(), move |width, height| {
            self.share(&element, f64::from(width));
            let row = row_height(&element);
            self.window
                .update_value(|window| window.resize(f64::from(height), row));
            self.ask();
        });
    }

    /// Shares the width of the list among the parts of its rows.
    fn share(self, viewport: &Element, width: f64) {
        let (Some(letters), Some(rows)) = (self.letters.get_untracked(), self.rows.get_untracked())
        else {
            return;
        };
        let letter = letters.get_bounding_client_rect().width() / 100.0;
        // It is hidden.
        if width <= 0.0 || letter <= 0.0 {
            return;
        }
        let room = ListRoom::new(width, letter, page_size::scale() * 16.0, narrow());
        let lines = match room.lines {
            Lines::One => "one",
            Lines::Short => "short",
            Lines::Two => "two",
        };
        let _ = viewport.set_attribute("data-lines", lines);
        let topic = room.topic_column().unwrap_or_default();
        for (name, columns) in [("--topic", topic), ("--payload", room.payload_most())] {
            let _ = rows.style().set_property(name, &format!("{columns}ch"));
        }
        self.date_room.set_value(usize::MAX);
        if self.room.get_untracked() != room {
            self.room.set(room);
        }
    }

    /// The pointer is over something: a topic that is cut is shown whole.
    pub fn pointed(self, event: &web_sys::Event) {
        self.whole.over(event);
    }

    /// Something happened to where the list stands.
    fn turn(self, happened: impl FnOnce(&mut Holding)) {
        self.holding.maybe_update(|holding| {
            let before = *holding;
            happened(holding);
            *holding != before
        });
        self.ask();
    }

    fn ask(self) {
        let Some(scroll) = self.scroll() else { return };
        let store = self.store;
        let holding = self.holding.get_untracked();
        let window = self.window.get_value();
        let ask = store
            .told
            .list
            .with_untracked(|list| holding.ask(&window, scroll, list));
        store.show(|view| {
            view.list = Some(ListView {
                filter: self.asked.get_untracked(),
                packets: store.chrome.packets.get_untracked(),
                newest: ask.newest,
                skip: ask.part.skip,
                rows: ask.part.rows,
            });
        });
    }

    fn draw(
        self,
        list: &List,
        chosen: Option<Target>,
        focused: bool,
        today: i64,
        words: &'static Words,
    ) {
        let (Some(tall), Some(rows)) = (self.tall.get_untracked(), self.rows.get_untracked())
        else {
            return;
        };
        let store = self.store;
        // The answer to an earlier filter.
        if list.filter != self.asked.get_untracked()
            || list.packets != store.chrome.packets.get_untracked()
        {
            return;
        }
        let mut shown = true;
        self.holding.maybe_update(|holding| {
            let before = *holding;
            shown = holding.answered(list);
            *holding != before
        });
        if !shown {
            return self.ask();
        }
        self.whole.put_away();
        let room = self.room.get_untracked();
        let holding = self.holding.get_untracked();
        let scroll = self.scroll().unwrap_or_default();
        let placed = holding.place(&self.window.get_value(), scroll, list);
        set_height(&tall, placed.tall);
        set_down(&rows, placed.down);
        let wanted = date_columns(store.speech.calendar, today, &list.rows, words);
        if self.date_room.with_value(|room| *room != wanted) {
            self.date_room.set_value(wanted);
            let columns = format!("{}ch", wanted + room.clock());
            let _ = rows.style().set_property("--when", &columns);
        }
        // Where rows run on, their numbers would all change with each message, and nobody is among them.
        let numbered = focused || holding.held().is_some();
        let mut active = None;
        let mut scratch = String::new();
        self.pool.update_value(|pool| {
            let Some(pool) = pool else { return };
            let here = list.rows.get(placed.skip..).unwrap_or_default();
            let first = here.first().map_or(0, |row| -(row.position as i64));
            for (slot, row) in pool.lay_out(first, placed.count).iter_mut().zip(here) {
                let chosen = chosen == Some(Target::Packet(row.seq));
                let setting = Setting {
                    chosen,
                    today,
                    room,
                };
                slot.show(row, setting, store.speech.calendar, words, &mut scratch);
                slot.tell(
                    row,
                    chosen,
                    numbered.then(|| holding.place_of(list, row.position)),
                );
                if chosen {
                    active = Some((row.seq, row.position));
                }
            }
        });
        if let Some((seq, position)) = active {
            self.walker
                .update_value(|walker| walker.seen(list, seq, position));
        }
        if let Some(viewport) = self.viewport.get_untracked() {
            let id = active.map(|(seq, _)| row_id(seq));
            self.active.update_value(|active| {
                active.set_or_remove(&viewport, "aria-activedescendant", id.as_deref());
            });
        }
        // While it follows, a longer list asks for nothing new; held, an eviction may.
        if holding.held().is_some() {
            self.ask();
        }
    }

    /// The list has the focus, or not.
    pub fn focus(self, focused: bool) {
        self.focused.set(focused);
    }

    fn end(self) -> u64 {
        self.store.told.list.with_untracked(|list| list.end)
    }

    fn scroll(self) -> Option<f64> {
        let viewport = self.viewport.get_untracked()?;
        Some(f64::from(viewport.scroll_top()))
    }

    fn scroll_to(self, place: i32) {
        if let Some(viewport) = self.viewport.get_untracked() {
            viewport.set_scroll_top(place);
        }
    }
}

/// Columns of text that the dates of these rows need; none while all of them are of today.
fn date_columns(calendar: Calendar, today: i64, rows: &[Row], words: &Words) -> usize {
    let mut widest = 0;
    let mut before = today;
    for row in rows {
        let moment = calendar.moment(row.time);
        if moment.day != before {
            before = moment.day;
            widest = widest.max(moment.date_columns(today, words.rest().shown.date));
        }
    }
    widest
}

/// The style sheet's row height, which differs on a phone.
fn row_height(element: &Element) -> f64 {
    let rem = page_size::scale() * 16.0;
    let style =
        web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let height = style.and_then(|style| style.get_property_value("--row").ok());
    height
        .and_then(|text| payload::number(text.trim().trim_end_matches("rem")))
        .map_or(ROW, |rows| rows * rem)
}
