//! The `mosquitto_sub` commands for subscriptions.

use std::fmt::Write;

use super::{
    broker::Broker,
    line::{Line, NoLine, Note, Part, bounded},
    shell::text,
};
use crate::protocol::Version;

/// A subscription. It has no option for no local, because `mosquitto_sub` does not publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Topic filter.
    pub filter: &'a str,
    /// Its maximum quality of service.
    pub qos: u8,
    /// MQTT 5 only, like all below.
    pub retain_as_published: bool,
    /// Retain handling, 0 to 2.
    pub retain_handling: u8,
    /// Subscription identifier.
    pub identifier: Option<u32>,
}

impl Filter<'_> {
    /// The options that apply to all filters of a command.
    fn options(&self, broker: &Broker<'_>) -> Result<String, NoLine> {
        let mut out = String::new();
        if self.qos > 0 {
            let _ = write!(out, " -q {}", self.qos);
        }
        if broker.version != Some(Version::V5) {
            return Ok(out);
        }
        if self.retain_as_published {
            out.push_str(" --retain-as-published");
        }
        match self.retain_handling {
            0 => {}
            // In a session that is not kept, every subscription is new.
            1 if broker.keep_session.is_none() => {}
            2 if !self.retain_as_published => out.push_str(" -R"),
            _ => return Err(NoLine::RetainHandling),
        }
        if let Some(identifier) = self.identifier {
            let _ = write!(out, " -D subscribe subscription-identifier {identifier}");
        }
        Ok(out)
    }
}

/// The commands that print the messages of these filters: one for each group of filters with the same options.
pub fn subscribe(broker: &Broker<'_>, filters: &[Filter<'_>]) -> Result<Line, NoLine> {
    if filters.is_empty() {
        return Err(NoLine::NoSubscription);
    }
    let mut notes = Vec::new();
    let connection = broker.options(&mut notes)?;
    // The options, with the filters that have them.
    let mut groups: Vec<(String, String)> = Vec::new();
    for filter in filters {
        let options = filter.options(broker)?;
        let topic = format!(" -t {}", text(filter.filter, Part::Filter)?);
        match groups.iter_mut().find(|(other, _)| *other == options) {
            Some((_, topics)) => topics.push_str(&topic),
            None => groups.push((options, topic)),
        }
    }
    if filters.iter().any(|one| one.filter.starts_with("$share/")) {
        notes.push(Note::Shared);
    }
    if groups.len() > 1 {
        notes.push(Note::Several);
    }
    let mut lines = Vec::with_capacity(groups.len());
    for (number, (options, topics)) in groups.iter().enumerate() {
        let session = broker.session(number)?;
        lines.push(format!(
            "mosquitto_sub {connection}{session}{options}{topics} -v"
        ));
    }
    bounded(lines.join("\n"), notes)
}
