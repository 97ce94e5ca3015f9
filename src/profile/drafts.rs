//! What is typed at the workbench and not sent yet: the publisher's form, the drafts that made room for other messages, and
//! the fields beside it. As JSON, for the browser's storage.
//!
//! Reading takes whatever is still sound: storage may be damaged, or have been written by another version. The bytes of a
//! file are never written, and nothing of a connection is in here.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::saved::{MAX_USER_PROPERTIES, UserProperties};

/// The version that is written.
const VERSION: u32 = 1;
/// Drafts that are kept beside the form; beyond it the oldest goes.
pub const MAX_DRAFTS: usize = 20;
/// Bytes of all drafts beside the form; beyond it the oldest go, but never the newest.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Bytes of text that are written. Storage of a tab has a few megabytes, and is written while somebody types.
pub const MAX_WRITTEN: usize = 512 * 1024;

/// How a payload is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// As it is typed; placeholders are filled in.
    #[default]
    Text,
    /// The same, checked to be JSON.
    Json,
    /// Hexadecimal digits.
    Hex,
    /// The bytes of a file.
    File,
}

/// A file that was chosen for a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes; `None` when they are to be chosen again.
    #[serde(skip)]
    pub bytes: Option<Arc<[u8]>>,
}

/// Properties as they are typed (MQTT 5 section 3.3.2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftProperties {
    /// Response topic.
    pub response_topic: String,
    /// Correlation data.
    pub correlation: String,
    /// It is hexadecimal.
    pub correlation_hex: bool,
    /// Content type.
    pub content_type: String,
    /// Message expiry interval.
    pub expiry: String,
    /// Payload format indicator.
    pub is_text: bool,
    /// In their order.
    pub user: UserProperties,
}

/// The publisher's form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Topic name.
    pub topic: String,
    /// The payload's text.
    pub payload: String,
    /// What that text is.
    pub format: Format,
    /// Placeholders in it go out as they are.
    pub as_it_is: bool,
    /// The file in its place.
    pub file: Option<File>,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// Seconds between two of a series.
    pub every: String,
    /// MQTT 5 only.
    pub properties: DraftProperties,
}

impl Draft {
    /// Something was typed or chosen that would be missed.
    fn says_something(&self) -> bool {
        let Self {
            topic,
            payload,
            file,
            properties,
            ..
        } = self;
        let texts = [
            topic,
            payload,
            &properties.response_topic,
            &properties.correlation,
            &properties.content_type,
            &properties.expiry,
        ];
        file.is_some() || !properties.user.is_empty() || texts.iter().any(|text| !text.is_empty())
    }

    fn bytes(&self) -> usize {
        let file = self.file.as_ref().and_then(|file| file.bytes.as_ref());
        let user = self.properties.user.iter();
        let user: usize = user.map(|(name, value)| name.len() + value.len()).sum();
        self.topic.len() + self.payload.len() + user + file.map_or(0, |bytes| bytes.len())
    }
}

/// The form's past: what was typed and made room for something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    /// Oldest first.
    kept: Vec<Draft>,
    /// What the form held when that was last to be found elsewhere too: sent, or taken from a message.
    settled: Option<Draft>,
}

impl Drafts {
    /// The newest, and how many there are.
    pub fn newest(&self) -> Option<(&Draft, usize)> {
        Some((self.kept.last()?, self.kept.len()))
    }

    /// Something else is about to take the place of what the form holds. True if that is kept for later.
    pub fn make_room(&mut self, form: Draft) -> bool {
        if !form.says_something() || self.settled.as_ref() == Some(&form) {
            return false;
        }
        self.kept.retain(|kept| *kept != form);
        self.kept.push(form);
        let mut bytes: usize = self.kept.iter().map(Draft::bytes).sum();
        while self.kept.len() > 1 && (self.kept.len() > MAX_DRAFTS || bytes > MAX_BYTES) {
            bytes -= self.kept.remove(0).bytes();
        }
        true
    }

    /// What the form holds now is somewhere else, too: it was sent, or taken from a message.
    pub fn settle(&mut self, form: Draft) {
        self.settled = Some(form);
    }

    /// What was sent did not go out, or not as it was typed: the form is the only place that has it.
    pub fn unsettle(&mut self) {
        self.settled = None;
    }

    /// Gives the newest draft back. What the form holds is kept in its turn, behind all others, so that pressing on leads
    /// around.
    pub fn back(&mut self, form: Draft) -> Option<Draft> {
        let draft = self.kept.pop()?;
        let others = std::mem::take(&mut self.kept);
        if form != draft {
            self.make_room(form);
        }
        // Before them, as if it were the oldest.
        self.kept.extend(others);
        self.settled = None;
        Some(draft)
    }
}

/// The form for a subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubscriptionDraft {
    /// Topic filter.
    pub filter: String,
    /// 0, 1 or 2.
    pub qos: u8,
    /// No local.
    pub no_local: bool,
    /// Retain as published.
    pub as_published: bool,
    /// Retain handling: 0 to 2.
    pub handling: u8,
    /// Subscription identifier.
    pub identifier: String,
}

/// All that is typed at the workbench.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bench {
    /// The publisher's form.
    pub form: Draft,
    /// Its past.
    pub drafts: Drafts,
    /// The form for a subscription.
    pub subscription: SubscriptionDraft,
    /// The query of the list.
    pub query: String,
    /// The list shows all packets.
    pub packets: bool,
    /// The search of the tree.
    pub search: String,
    /// The name of the section that was in front last, while there was a connection.
    pub section: String,
}

/// What is written.
#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    form: Option<&'a Draft>,
    /// The form holds what is somewhere else, too.
    settled: bool,
    kept: &'a [Draft],
    subscription: &'a SubscriptionDraft,
    query: &'a str,
    packets: bool,
    search: &'a str,
    section: &'a str,
}

/// What is stored, as text that may be damaged anywhere.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stored<'a> {
    #[serde(borrow)]
    form: Option<&'a RawValue>,
    #[serde(borrow)]
    settled: Option<&'a RawValue>,
    #[serde(borrow)]
    kept: Option<&'a RawValue>,
    #[serde(borrow)]
    subscription: Option<&'a RawValue>,
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow)]
    packets: Option<&'a RawValue>,
    #[serde(borrow)]
    search: Option<&'a RawValue>,
    #[serde(borrow)]
    section: Option<&'a RawValue>,
}

impl Bench {
    /// Reads what [`Bench::write`] wrote. Leaves out what is damaged.
    pub fn read(stored: &str) -> Self {
        // Serde takes a list for an object, too.
        if !stored.trim_start().starts_with('{') {
            return Self::default();
        }
        let stored: Stored = serde_json::from_str(stored).unwrap_or_default();
        let form = stored.form.and_then(draft).unwrap_or_default();
        let settled = stored.settled.and_then(some::<bool>) == Some(true);
        let kept = stored.kept.and_then(some::<Vec<&RawValue>>);
        let kept = kept.into_iter().flatten().filter_map(draft);
        let mut subscription: SubscriptionDraft =
            stored.subscription.and_then(some).unwrap_or_default();
        subscription.qos = subscription.qos.min(2);
        subscription.handling = subscription.handling.min(2);
        Self {
            drafts: Drafts {
                kept: kept
                    .filter(Draft::says_something)
                    .take(MAX_DRAFTS)
                    .collect(),
                settled: settled.then(|| form.clone()),
            },
            form,
            subscription,
            query: stored.query.and_then(some).unwrap_or_default(),
            packets: stored.packets.and_then(some).unwrap_or_default(),
            search: stored.search.and_then(some).unwrap_or_default(),
            section: stored.section.and_then(some).unwrap_or_default(),
        }
    }

    /// Writes everything that finds room, and says whether that is all of it. The form comes first, then the newest drafts;
    /// one that is too long is left out whole.
    pub fn write(&self) -> (String, bool) {
        let mut room = MAX_WRITTEN;
        let mut fits = |draft: &Draft| {
            let file = draft.file.as_ref().and_then(|file| file.bytes.as_ref());
            let text = draft.bytes() - file.map_or(0, |bytes| bytes.len());
            let fits = text <= room;
            room -= if fits { text } else { 0 };
            fits
        };
        let form = fits(&self.form).then_some(&self.form);
        let kept = &self.drafts.kept;
        let newest = kept.iter().rev().take_while(|draft| fits(draft)).count();
        let first = kept.len() - newest;
        let written = Written {
            version: VERSION,
            form,
            settled: self.drafts.settled.as_ref() == Some(&self.form),
            kept: kept.get(first..).unwrap_or_default(),
            subscription: &self.subscription,
            query: &self.query,
            packets: self.packets,
            search: &self.search,
            section: &self.section,
        };
        // Numbers, text and lists of them: there is nothing in it that JSON has not.
        let text = serde_json::to_string(&written).unwrap_or_default();
        (text, form.is_some() && first == 0)
    }
}

fn some<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

fn draft(value: &RawValue) -> Option<Draft> {
    let mut draft: Draft = some(value)?;
    draft.qos = draft.qos.min(2);
    draft.properties.user.truncate(MAX_USER_PROPERTIES);
    Some(draft)
}
