//! What of the page is in front: its section, what was chosen to be looked at, the list's query, short messages.

use leptos::prelude::*;

pub use crate::desk::section::Section;
use crate::{
    browser::page_width,
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
    /// Its packet.
    Packet,
}

/// What is in front. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Chrome {
    /// Which part of the page is in front.
    pub section: RwSignal<Section>,
    /// What a new connection brings to the front.
    pub at_work: RwSignal<Section>,
    /// What the inspector shows.
    pub tab: RwSignal<Tab>,
    /// What the user chose to look at.
    pub chosen: RwSignal<Option<Target>>,
    /// Where somebody is by keys who has opened nothing yet: on a narrow page the inspector would cover the rows.
    pointed: RwSignal<Option<Target>>,
    /// A message that the publisher is to take over.
    pub draft: RwSignal<Option<Draft>>,
    /// The query of the list, as typed.
    pub filter: RwSignal<String>,
    /// The query that was typed before a button put another in its place.
    pub filter_before: RwSignal<Option<String>>,
    /// The list shows every packet, not messages alone.
    pub packets: RwSignal<bool>,
    /// A short message for a moment; a number tells two alike apart.
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
            toasts: RwSignal::default(),
        }
    }
}

impl Chrome {
    /// Looks at a packet or a topic, or at nothing.
    pub fn choose(&self, target: Option<Target>) {
        let before = self.chosen.get_untracked();
        self.pointed
            .set(before.filter(|_| target.is_none() && narrow()));
        self.chosen.set(target);
    }

    /// Goes there by keys, without opening it.
    pub fn point(&self, target: Target) {
        self.pointed.set(Some(target));
    }

    /// Where somebody is in the list or the tree: at what was chosen, or where keys have led to. Tracks both.
    pub fn here(&self) -> Option<Target> {
        let chosen = self.chosen.get();
        chosen.or(self.pointed.get())
    }

    /// The connection got into another phase: that brings another section to the front, as far as the user is not
    /// elsewhere.
    pub fn follow(&self, before: Phase, after: Phase) {
        let section = self.section.get_untracked();
        let next = section.after(before, after, self.at_work.get_untracked());
        if next != section {
            self.section.set(next);
        }
    }

    /// Shows only the messages of one topic in the list, and says so in the field of its query.
    pub fn show_only(&self, topic: &str) {
        let before = self.filter.get_untracked();
        if reading::is_typed(&before) {
            self.filter_before.set(Some(before));
        }
        self.filter.set(reading::exact_topic(topic));
        self.section.set(Section::Messages);
    }

    /// Shows a short message until it is put away or eight seconds are over.
    pub fn toast(&self, number: u32, words: String) {
        self.toasts.update(|toasts| {
            toasts.push((number, words));
            // More would cover the page; the older ones have been seen.
            if toasts.len() > 3 {
                toasts.remove(0);
            }
        });
        let chrome = *self;
        gloo_timers::callback::Timeout::new(8_000, move || chrome.put_away(number)).forget();
    }

    /// Puts a short message away.
    pub fn put_away(&self, number: u32) {
        self.toasts
            .update(|toasts| toasts.retain(|(each, _)| *each != number));
    }
}

/// The page is as narrow as a phone: the style sheets' own limit.
pub fn narrow() -> bool {
    page_width::now() <= 640.0
}
