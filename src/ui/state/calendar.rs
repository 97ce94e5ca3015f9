//! Which day it is, and how far local time is from UTC at any moment: what the page has to ask the browser for before it can
//! say a time.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    browser::{date, page_visibility},
    reading::{Moment, Offsets, next_day},
};

/// The longest that a change of the time zone or of the clock goes unseen, in milliseconds.
const LONGEST: f64 = 600_000.0;

/// A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Calendar {
    /// The local day, counted from 1970-01-01. What shows times of other days follows it.
    pub today: RwSignal<i64>,
    offsets: StoredValue<Offsets>,
    /// Waits for the next day.
    waiting: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Calendar {
    /// The calendar of this page, which turns its own leaves.
    pub fn start() -> Self {
        let calendar = Self {
            today: RwSignal::new(0),
            offsets: StoredValue::new(Offsets::default()),
            waiting: StoredValue::new_local(None),
        };
        calendar.look();
        // A machine that slept, or a page that nobody saw, has missed its time.
        page_visibility::watch(move |hidden| {
            if !hidden {
                calendar.look();
            }
        });
        calendar
    }

    /// Looks which day it is, and again when the next one begins.
    fn look(self) {
        self.offsets.update_value(Offsets::forget);
        let now = date::now();
        let today = Moment::new(now, date::local_offset(now)).day;
        if self.today.get_untracked() != today {
            self.today.set(today);
        }
        let left = next_day(now, date::local_offset) - now;
        let left = left.clamp(1_000.0, LONGEST) as u32;
        let again = Timeout::new(left, move || self.look());
        self.waiting.set_value(Some(again));
    }

    /// A moment in the local time that held then.
    pub fn moment(self, time: f64) -> Moment {
        let offset = self
            .offsets
            .try_update_value(|offsets| offsets.at(time, date::local_offset));
        Moment::new(time, offset.unwrap_or_default())
    }
}
