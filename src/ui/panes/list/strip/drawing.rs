//! What is drawn of the time strip: slots as stacks in the colours of the subscriptions, gaps, marks, times below.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::{
    browser::canvas::{Canvas, colour_of, font_of},
    desk::timeline::{Scale, is_retained_flood, received},
    link::{Timeline, TimelineSlot},
    reading::Date,
    ui::{
        piece::{Piece, Pieces, view},
        state::store::Store,
        words::{TimelineWords, sentences::time_words},
    },
};

/// Height of the line with the times.
const TIMES: f64 = 16.0;
/// Room above the highest stack, for marks.
const MARKS: f64 = 4.0;
/// A stack of few messages is still seen.
const LEAST_BAR: f64 = 1.5;

/// Colours of the subscriptions; behind them those of [`Ink`].
const SUBSCRIPTIONS: usize = 8;

/// What else has a colour: an element each, behind those of the subscriptions.
#[derive(Clone, Copy)]
enum Ink {
    Unmatched,
    Sent,
    Gap,
    GapWords,
    Retained,
    Span,
    SpanEdge,
    Words,
    Base,
}

/// How many elements with colours there are.
const INKS: usize = SUBSCRIPTIONS + 9;

/// An element in each colour, whose colours [`Inks::of`] reads.
pub fn samples() -> Piece {
    let sample = |at| {
        let class = if at < SUBSCRIPTIONS {
            format!("c{at}")
        } else {
            format!("ink{}", at - SUBSCRIPTIONS)
        };
        view! { <i class=class></i> }
    };
    (0..INKS).map(sample).pieces()
}

/// Colours and typeface as the style sheets have them now.
#[derive(Clone, Default)]
pub struct Inks {
    colours: Vec<String>,
    font: String,
}

impl Inks {
    /// Those of the elements in this one.
    pub fn of(holder: &HtmlElement) -> Self {
        let all = holder.children();
        Self {
            colours: (0..all.length())
                .filter_map(|index| colour_of(&all.item(index)?))
                .collect(),
            font: font_of(holder).unwrap_or_default(),
        }
    }

    fn subscription(&self, colour: u8) -> &str {
        let at = usize::from(colour) % SUBSCRIPTIONS;
        self.colours.get(at).map_or("", |colour| colour)
    }

    fn of_ink(&self, ink: Ink) -> &str {
        let at = SUBSCRIPTIONS + ink as usize;
        self.colours.get(at).map_or("", |colour| colour)
    }
}

/// What is to be seen.
pub struct Seen<'a> {
    pub timeline: &'a Timeline,
    pub scale: Scale,
    /// The part that is looked at, or being marked.
    pub span: Option<(f64, f64)>,
    /// Where somebody points.
    pub cursor: Option<f64>,
    pub store: Store,
    pub words: &'static TimelineWords,
}

/// Draws all of it.
pub fn draw(element: &HtmlElement, height: f64, inks: &Inks, seen: &Seen<'_>) -> Option<()> {
    let canvas = Canvas::begin(element, seen.scale.px, height)?;
    let floor = height - TIMES;
    canvas.font(&inks.font);
    if let Some((from, to)) = seen.span {
        let (left, right) = (seen.scale.place(from), seen.scale.place(to));
        canvas.ink(inks.of_ink(Ink::Span));
        canvas.fill(left, 0.0, (right - left).max(1.0), floor);
    }
    gaps(&canvas, floor, inks, seen);
    stacks(&canvas, floor, inks, seen);
    canvas.ink(inks.of_ink(Ink::Base));
    canvas.fill(0.0, floor, canvas.width, 1.0);
    if let Some((from, to)) = seen.span {
        canvas.ink(inks.of_ink(Ink::SpanEdge));
        for edge in [from, to] {
            canvas.fill(seen.scale.place(edge).round() - 0.5, 0.0, 1.5, floor);
        }
    }
    if let Some(cursor) = seen.cursor {
        canvas.ink(inks.of_ink(Ink::Words));
        let left = seen.scale.place(cursor).round();
        let mut top = 0.0;
        while top < floor {
            canvas.fill(left, top, 1.0, 3.0);
            top += 5.0;
        }
    }
    times(&canvas, floor, inks, seen);
    Some(())
}

fn gaps(canvas: &Canvas, floor: f64, inks: &Inks, seen: &Seen<'_>) {
    for gap in &seen.timeline.gaps {
        let to = gap.to.unwrap_or(seen.scale.to);
        let (left, right) = (seen.scale.place(gap.from), seen.scale.place(to));
        let wide = (right - left).max(1.0);
        canvas.ink(inks.of_ink(Ink::Gap));
        canvas.fill(left, 0.0, wide, floor);
        canvas.ink(inks.of_ink(Ink::GapWords));
        let seconds = ((to - gap.from) / 1000.0).round() as u32;
        let away = (seen.words.away)(&time_words(seconds, seen.store.words()));
        let middle = left + wide / 2.0;
        canvas.words(&away, middle, 8.0, left + 3.0, right - 3.0);
        canvas.fill(left, floor - 2.0, wide, 2.0);
    }
}

fn stacks(canvas: &Canvas, floor: f64, inks: &Inks, seen: &Seen<'_>) {
    let (timeline, scale) = (seen.timeline, &seen.scale);
    let total = |slot: &TimelineSlot| received(slot) + u64::from(slot.sent);
    let highest = timeline.slots.iter().map(total).max().unwrap_or(0).max(1);
    let room = floor - MARKS;
    let wide = scale.slot_px();
    let bar = if wide > 3.0 {
        wide - 1.0
    } else {
        wide.max(1.0)
    };
    let height = |count: u64| {
        let height = count as f64 / highest as f64 * room;
        if count > 0 {
            height.max(LEAST_BAR)
        } else {
            0.0
        }
    };
    let left =
        |slot: &TimelineSlot| scale.place(timeline.from + f64::from(slot.at) * timeline.width);
    // How high each stack is by now. Colour by colour: to change it is what costs.
    let mut tops = vec![floor; timeline.slots.len()];
    let mut lay = |ink: &str, count: &dyn Fn(&TimelineSlot) -> u64| {
        let mut inked = false;
        for (slot, top) in timeline.slots.iter().zip(&mut tops) {
            let high = height(count(slot));
            if high > 0.0 {
                if !inked {
                    canvas.ink(ink);
                    inked = true;
                }
                *top -= high;
                canvas.fill(left(slot), *top, bar, high);
            }
        }
    };
    let of = |wanted: Option<u8>| {
        move |slot: &TimelineSlot| {
            let lane = slot.received.iter().find(|(colour, _)| *colour == wanted);
            lane.map_or(0, |(_, count)| u64::from(*count))
        }
    };
    for colour in 0..SUBSCRIPTIONS as u8 {
        lay(inks.subscription(colour), &of(Some(colour)));
    }
    lay(inks.of_ink(Ink::Unmatched), &of(None));
    lay(inks.of_ink(Ink::Sent), &|slot| u64::from(slot.sent));
    canvas.ink(inks.of_ink(Ink::Retained));
    for slot in timeline.slots.iter().filter(|slot| is_retained_flood(slot)) {
        canvas.fill(left(slot) + bar / 2.0 - 2.0, 0.0, 4.0, 3.0);
    }
}

fn times(canvas: &Canvas, floor: f64, inks: &Inks, seen: &Seen<'_>) {
    let calendar = seen.store.speech.calendar;
    let scale = &seen.scale;
    let down = floor + TIMES / 2.0 + 1.0;
    canvas.ink(inks.of_ink(Ink::Words));
    let now = canvas.words(seen.words.now, canvas.width, down, 0.0, canvas.width);
    let most = if now.is_some() {
        canvas.width - 34.0
    } else {
        canvas.width
    };
    let (ticks, step) = scale.ticks(calendar.ahead(scale.to));
    let today = calendar.today.get_untracked();
    let mut least = 0.0;
    for tick in ticks {
        let moment = calendar.moment(tick);
        let mut words = String::new();
        if step >= 86_400_000.0 || moment.day != today && scale.to - scale.from > 86_400_000.0 {
            let say = seen.store.words().rest().shown.date;
            words = say(Date::of_day(moment.day), false);
            words.push(' ');
        }
        if step < 86_400_000.0 {
            let mut clock = String::new();
            moment.clock(&mut clock);
            // To the second, or to the minute where no second is another.
            clock.truncate(if step < 60_000.0 { 8 } else { 5 });
            words.push_str(&clock);
        }
        let place = scale.place(tick);
        if let Some(end) = canvas.words(words.trim_end(), place, down, least, most) {
            canvas.fill(place.round(), floor, 1.0, 3.0);
            least = end + 8.0;
        }
    }
}
