//! Share links: the fragment of the page's address, with which somebody else connects to the same broker.
//!
//! `#url=ws%3A%2F%2F127.0.0.1%3A9001&sub=a%2F%23&sub=b%2F%2B&qos=1&user=chen&go=1`
//!
//! The keys: `url` (one for each address of the same broker, in order), `v` (`5`, `3.1.1` or `3.1`; without it the newest
//! that the broker accepts), `id`, `user`, `keep`, `clean`, `expiry` (of the session in seconds, MQTT 5), `sub` (one for
//! each filter), `qos`, `go`, and `lesson` with `step` (from 1), which opens a lesson.
//!
//! The format is that of a form, except that `+` is a plus and not a space, because people type `sub=a/+/b`. Midge writes
//! spaces as `%20`. A link may come from anybody, so everything in it is limited and checked, and a password is ignored.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{
    MAX_ADDRESSES,
    names::{version_key, version_of},
    secrets::without_secrets,
};
use crate::protocol::{Version, check_topic_filter};

/// The longest fragment that is read, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;

/// The most filters that are read from a link.
pub const MAX_FILTERS: usize = 100;

/// The contents of a link. What is missing is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShareLink {
    /// `url`: addresses of the broker, each once, not checked.
    pub addresses: Vec<String>,
    /// `v`: the version to use.
    pub version: Option<Version>,
    /// `id`: client identifier.
    pub client_id: Option<String>,
    /// `user`: user name.
    pub user_name: Option<String>,
    /// `sub`: valid topic filters, each once.
    pub filters: Vec<String>,
    /// `qos`: maximum quality of service for the filters, 0 to 2.
    pub qos: u8,
    /// `keep`: keep alive in seconds.
    pub keep_alive: Option<u16>,
    /// `clean`: clean session flag.
    pub clean_session: Option<bool>,
    /// `expiry`: seconds that the session is kept after the connection (MQTT 5 section 3.1.2.11.2).
    pub session_expiry: Option<u32>,
    /// `go`: connect at once.
    pub connect: bool,
    /// `lesson`: the name of a lesson that is opened.
    pub lesson: Option<String>,
    /// `step`: the step of it, counted from 1.
    pub step: Option<u8>,
}

/// Why a part of a link was ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkWarning {
    /// A password is never read from a link.
    Password,
    /// The link is longer than [`MAX_LENGTH`], so all of it was ignored.
    TooLong,
    /// There were more than [`MAX_FILTERS`] filters; the first ones were used.
    TooManyFilters,
    /// There were more than [`MAX_ADDRESSES`] addresses; the first ones were used.
    TooManyAddresses,
    /// The value is not percent encoded UTF-8 text without control characters.
    Unreadable {
        /// `url`, `sub` and so on.
        key: &'static str,
    },
    /// A topic filter that is not valid (MQTT 3.1.1 section 4.7).
    BadFilter {
        /// The filter, decoded.
        filter: String,
    },
    /// The value is not valid for this key.
    BadValue {
        /// `qos`, `keep` and so on.
        key: &'static str,
    },
}

impl ShareLink {
    /// Adds an address without its secrets. Returns the names of those.
    pub fn add_address(&mut self, address: &str) -> Vec<String> {
        let (address, left_out) = without_secrets(address);
        if self.addresses.len() < MAX_ADDRESSES && !self.addresses.contains(&address) {
            self.addresses.push(address);
        }
        left_out
    }
}

/// Reads a fragment, with or without its `#`. Returns what is valid, and warnings about the rest.
pub fn parse(fragment: &str) -> (ShareLink, Vec<LinkWarning>) {
    let mut link = ShareLink::default();
    let mut warnings = Vec::new();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.len() > MAX_LENGTH {
        return (link, vec![LinkWarning::TooLong]);
    }
    for pair in fragment.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let Err(warning) = take(&mut link, key, value)
            && !warnings.contains(&warning)
        {
            warnings.push(warning);
        }
    }
    // A part of an address could be the address of something else.
    if warnings.contains(&LinkWarning::Unreadable { key: "url" }) {
        link.addresses.clear();
        link.connect = false;
    }
    (link, warnings)
}

/// Reads only addresses and user name, as [`parse`] does. The connect screen shows them before the rest of the page is
/// loaded, so that a password that is typed early belongs to the broker of the link.
pub fn opening(fragment: &str) -> (Vec<String>, Option<String>) {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let (mut addresses, mut user_name) = (Vec::new(), None);
    if fragment.len() > MAX_LENGTH {
        return (addresses, user_name);
    }
    let mut readable = true;
    for pair in fragment.split('&') {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("url", value) => match text("url", value) {
                Ok(address) => {
                    let room = addresses.len() < MAX_ADDRESSES;
                    if room && !address.is_empty() && !addresses.contains(&address) {
                        addresses.push(address);
                    }
                }
                Err(_) => readable = false,
            },
            ("user", value) => {
                if let Ok(user) = text("user", value) {
                    user_name = Some(user).filter(|user| !user.is_empty());
                }
            }
            _ => {}
        }
    }
    if !readable {
        addresses.clear();
    }
    (addresses, user_name)
}

fn take(link: &mut ShareLink, key: &str, value: &str) -> Result<(), LinkWarning> {
    match key {
        "url" => {
            let address = text("url", value)?;
            if address.is_empty() || link.addresses.contains(&address) {
                return Ok(());
            }
            if link.addresses.len() == MAX_ADDRESSES {
                return Err(LinkWarning::TooManyAddresses);
            }
            link.addresses.push(address);
        }
        "v" => {
            link.version = Some(version_of(value).ok_or(LinkWarning::BadValue { key: "v" })?);
        }
        "id" => link.client_id = Some(text("id", value)?).filter(|id| !id.is_empty()),
        "user" => link.user_name = Some(text("user", value)?).filter(|user| !user.is_empty()),
        "sub" => {
            let filter = text("sub", value)?;
            if filter.is_empty() || link.filters.contains(&filter) {
                return Ok(());
            }
            if check_topic_filter(&filter).is_err() {
                return Err(LinkWarning::BadFilter { filter });
            }
            if link.filters.len() == MAX_FILTERS {
                return Err(LinkWarning::TooManyFilters);
            }
            link.filters.push(filter);
        }
        "lesson" => {
            let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
            if value.is_empty() || value.len() > 40 || !value.chars().all(plain) {
                return Err(LinkWarning::BadValue { key: "lesson" });
            }
            link.lesson = Some(value.to_owned());
        }
        "step" => {
            let step = value.parse().ok().filter(|step| *step > 0);
            link.step = Some(step.ok_or(LinkWarning::BadValue { key: "step" })?);
        }
        "qos" => match value {
            "0" => link.qos = 0,
            "1" => link.qos = 1,
            "2" => link.qos = 2,
            _ => return Err(LinkWarning::BadValue { key: "qos" }),
        },
        "keep" => link.keep_alive = Some(number("keep", value)?),
        "expiry" => link.session_expiry = Some(number("expiry", value)?),
        "clean" => link.clean_session = Some(flag("clean", value)?),
        "go" => link.connect = flag("go", value)?,
        "pass" | "password" => return Err(LinkWarning::Password),
        // Unknown keys may be from a later Midge, so there is no warning.
        _ => {}
    }
    Ok(())
}

fn number<T: std::str::FromStr>(key: &'static str, value: &str) -> Result<T, LinkWarning> {
    value.parse().map_err(|_| LinkWarning::BadValue { key })
}

fn flag(key: &'static str, value: &str) -> Result<bool, LinkWarning> {
    match value {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(LinkWarning::BadValue { key }),
    }
}

fn text(key: &'static str, value: &str) -> Result<String, LinkWarning> {
    let unreadable = LinkWarning::Unreadable { key };
    let mut rest = value.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        rest = match rest.get(at + 1..) {
            Some([high, low, after @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                after
            }
            _ => return Err(unreadable),
        };
    }
    match percent_decode_str(value).decode_utf8() {
        Ok(text) if !text.contains(char::is_control) => Ok(text.into_owned()),
        _ => Err(unreadable),
    }
}

/// Characters that are not encoded: chat programs and browsers keep them in a link.
const WRITTEN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Writes a fragment, without its `#`. [`parse`] reads the same link from it, if it is within the limits.
pub fn write(link: &ShareLink) -> String {
    let mut out = String::new();
    let mut put = |key: &str, value: &str| {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(key);
        out.push('=');
        out.extend(utf8_percent_encode(value, WRITTEN));
    };
    for address in &link.addresses {
        put("url", address);
    }
    if let Some(version) = link.version {
        put("v", version_key(version));
    }
    if let Some(id) = &link.client_id {
        put("id", id);
    }
    if let Some(user_name) = &link.user_name {
        put("user", user_name);
    }
    for filter in &link.filters {
        put("sub", filter);
    }
    if link.qos != 0 {
        put("qos", &link.qos.to_string());
    }
    if let Some(keep_alive) = link.keep_alive {
        put("keep", &keep_alive.to_string());
    }
    if let Some(clean) = link.clean_session {
        put("clean", if clean { "1" } else { "0" });
    }
    if let Some(expiry) = link.session_expiry {
        put("expiry", &expiry.to_string());
    }
    if let Some(lesson) = &link.lesson {
        put("lesson", lesson);
    }
    if let Some(step) = link.step {
        put("step", &step.to_string());
    }
    if link.connect {
        put("go", "1");
    }
    out
}
