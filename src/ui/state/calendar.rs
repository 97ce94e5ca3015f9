//! The current day, and the difference between local time and UTC at any moment. The page needs both to show a time, and
//! only the browser knows them.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    browser::{date, page_visibility},
    reading::{Moment, Offsets, next_day},
};

/// How long a change of the time zone or of the clock may go unnoticed, in milliseconds.
const LONGEST: f64 = 600_000.0;

/// A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Calendar {
    /// The local day, counted from 1970-01-01. Views that show dates track it.
    pub today: RwSignal<i64>,
    offsets: StoredValue<Offsets>,
    /// Waits for the next day.
    waiting: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Calendar {
    /// Starts the calendar, which changes the day by itself.
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

    /// Sets the day, and again when the next one begins.
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

    /// Milliseconds by which local time is ahead of UTC then.
    pub fn ahead(self, time: f64) -> f64 {
        date::local_offset(time)
    }

    /// A moment in local time, with the difference to UTC of that moment.
    pub fn moment(self, time: f64) -> Moment {
        let offset = self
            .offsets
            .try_update_value(|offsets| offsets.at(time, date::local_offset));
        Moment::new(time, offset.unwrap_or_default())
    }
}
