//! What is typed in the workbench: the form of the publisher, earlier drafts of it, and a few other fields. As JSON, for the
//! browser's storage.
//!
//! Storage may be damaged or written by another version, so reading keeps whatever is valid. The bytes of a file are not
//! written, and nothing about a connection.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::saved::{MAX_USER_PROPERTIES, UserProperties};

/// The version of the format.
const VERSION: u32 = 1;
/// The most earlier drafts. Beyond that the oldest is dropped.
pub const MAX_DRAFTS: usize = 20;
/// The most bytes of all earlier drafts. Beyond that the oldest are dropped, but the newest is always kept.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The most bytes that are written. The storage of a tab has a few megabytes, and it is written while somebody types.
pub const MAX_WRITTEN: usize = 512 * 1024;

/// The format of a payload in the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text. Placeholders in it are filled in.
    #[default]
    Text,
    /// Text that must be JSON.
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
    /// Its bytes; `None`: the file has to be chosen again.
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
    /// Correlation data is typed in hexadecimal.
    pub correlation_hex: bool,
    /// Content type.
    pub content_type: String,
    /// Message expiry interval.
    pub expiry: String,
    /// Payload format indicator.
    pub is_text: bool,
    /// User properties, in order.
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
    /// The format of that text.
    pub format: Format,
    /// Placeholders in it are not filled in.
    pub as_it_is: bool,
    /// The file that is the payload instead.
    pub file: Option<File>,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// The interval of a series in seconds, as typed.
    pub every: String,
    /// MQTT 5 only.
    pub properties: DraftProperties,
}

impl Draft {
    /// It contains something that is worth keeping.
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

/// Earlier drafts: contents of the form that were replaced by something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    /// Oldest first.
    kept: Vec<Draft>,
    /// The last contents of the form that also exist elsewhere, because they were sent or come from a message.
    settled: Option<Draft>,
}

impl Drafts {
    /// The newest draft, and how many there are.
    pub fn newest(&self) -> Option<(&Draft, usize)> {
        Some((self.kept.last()?, self.kept.len()))
    }

    /// Something else will replace the contents of the form. Returns true if they are kept as a draft.
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

    /// The contents of the form also exist elsewhere, because they were sent or come from a message.
    pub fn settle(&mut self, form: Draft) {
        self.settled = Some(form);
    }

    /// The message was not sent, or not as typed, so its contents exist only in the form.
    pub fn unsettle(&mut self) {
        self.settled = None;
    }

    /// Returns the newest draft. The contents of the form become the oldest, so that repeating this leads through all drafts.
    pub fn back(&mut self, form: Draft) -> Option<Draft> {
        let draft = self.kept.pop()?;
        let others = std::mem::take(&mut self.kept);
        if form != draft {
            self.make_room(form);
        }
        // As the oldest.
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

/// Everything that is typed in the workbench.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bench {
    /// The publisher's form.
    pub form: Draft,
    /// Its earlier drafts.
    pub drafts: Drafts,
    /// The form for a subscription.
    pub subscription: SubscriptionDraft,
    /// The query of the list.
    pub query: String,
    /// The list shows all packets.
    pub packets: bool,
    /// The search of the tree.
    pub search: String,
    /// The name of the section that was shown last while connected.
    pub section: String,
}

/// The format in storage.
#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    form: Option<&'a Draft>,
    /// The contents of the form also exist elsewhere.
    settled: bool,
    kept: &'a [Draft],
    subscription: &'a SubscriptionDraft,
    query: &'a str,
    packets: bool,
    search: &'a str,
    section: &'a str,
}

/// The same for reading. Each part may be damaged, so each is kept as raw JSON at first.
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
    /// Reads what [`Bench::write`] wrote. Damaged parts are left out.
    pub fn read(stored: &str) -> Self {
        // Only an object: serde would also read a list as this type.
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

    /// Writes as much as fits, and returns whether that is all. The form comes first, then the newest drafts. A draft that does
    /// not fit is left out as a whole.
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
        // Serializing numbers, text and lists of them as JSON cannot fail.
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
