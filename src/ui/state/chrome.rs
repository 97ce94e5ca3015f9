//! What is in front: the section, the target of the inspector, the query of the list, short messages.

use leptos::prelude::*;

pub use crate::desk::section::Section;
use crate::{
    browser::page_size,
    desk::splitting::is_phone,
    link::{Phase, Target},
    protocol::{PublishProperties, Qos},
    reading,
};

/// A message to edit and publish.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Topic name.
    pub topic: String,
    /// Any bytes.
    pub payload: Vec<u8>,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// MQTT 5 only.
    pub properties: PublishProperties,
}

/// What the inspector shows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its payload.
    Payload,
    /// The values of its topic.
    History,
    /// Its packet.
    Packet,
}

/// What is learned beside the work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Learning {
    /// Nothing.
    #[default]
    Nothing,
    /// The list of lessons.
    List,
    /// The lesson of this name; at this step, counted from 0, where a link says so.
    Lesson(String, Option<usize>),
}

/// Short messages that are kept: more than anybody reads.
const MOST_TOASTS: usize = 20;

/// The state of what is in front. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Chrome {
    /// The section in front.
    pub section: RwSignal<Section>,
    /// The section that a new connection brings to the front.
    pub at_work: RwSignal<Section>,
    /// What the inspector shows.
    pub tab: RwSignal<Tab>,
    /// The target of the inspector.
    pub chosen: RwSignal<Option<Target>>,
    /// The row that keys have moved to without opening it: on a narrow page the inspector would cover the rows.
    pointed: RwSignal<Option<Target>>,
    /// A message that the publisher is to take over.
    pub draft: RwSignal<Option<Draft>>,
    /// The query of the list, as typed.
    pub filter: RwSignal<String>,
    /// The query that was typed before a button replaced it.
    pub filter_before: RwSignal<Option<String>>,
    /// The list shows all packets, not only messages.
    pub packets: RwSignal<bool>,
    /// The lesson beside it.
    pub learning: RwSignal<Learning>,
    /// The short messages, each with a number.
    pub toasts: RwSignal<Vec<(u32, String)>>,
}

impl Default for Chrome {
    fn default() -> Self {
        Self {
            section: RwSignal::new(Section::Broker),
            at_work: RwSignal::new(Section::Messages),
            tab: RwSignal::new(Tab::Payload),
            chosen: RwSignal::default(),
            pointed: RwSignal::default(),
            draft: RwSignal::default(),
            filter: RwSignal::default(),
            filter_before: RwSignal::default(),
            packets: RwSignal::new(false),
            learning: RwSignal::default(),
            toasts: RwSignal::default(),
        }
    }
}

impl Chrome {
    /// Sets the target of the inspector; `None`: nothing is inspected.
    pub fn choose(&self, target: Option<Target>) {
        let before = self.chosen.get_untracked();
        self.pointed
            .set(before.filter(|_| target.is_none() && narrow()));
        self.chosen.set(target);
    }

    /// Moves to a row by keys, without opening it.
    pub fn point(&self, target: Target) {
        self.pointed.set(Some(target));
    }

    /// The current row of the list or the tree: the target, or the row that keys have moved to. Tracks both.
    pub fn here(&self) -> Option<Target> {
        let chosen = self.chosen.get();
        chosen.or(self.pointed.get())
    }

    /// The connection changed its phase: brings another section to the front, unless the user has chosen one.
    pub fn follow(&self, before: Phase, after: Phase) {
        let section = self.section.get_untracked();
        let next = section.after(before, after, self.at_work.get_untracked());
        if next != section {
            self.section.set(next);
        }
    }

    /// Sets the query of the list to one topic.
    pub fn show_only(&self, topic: &str) {
        let before = self.filter.get_untracked();
        if reading::is_typed(&before) {
            self.filter_before.set(Some(before));
        }
        self.filter.set(reading::exact_topic(topic));
        self.section.set(Section::Messages);
    }

    /// Shows a short message until it is put away. One that is there already is not said twice.
    pub fn keep_toast(&self, number: u32, words: String) {
        self.toasts.update(|toasts| {
            toasts.retain(|(_, said)| *said != words);
            toasts.push((number, words));
            if toasts.len() > MOST_TOASTS {
                toasts.remove(0);
            }
        });
    }

    /// Shows a short message until it is put away or eight seconds are over.
    pub fn toast(&self, number: u32, words: String) {
        self.keep_toast(number, words);
        let chrome = *self;
        gloo_timers::callback::Timeout::new(8_000, move || chrome.put_away(number)).forget();
    }

    /// Closes a short message.
    pub fn put_away(&self, number: u32) {
        self.toasts
            .update(|toasts| toasts.retain(|(each, _)| *each != number));
    }
}

/// The page is as small as a phone, and shows one section at a time.
pub fn narrow() -> bool {
    is_phone(page_size::width(), page_size::height())
}
