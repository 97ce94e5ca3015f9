//! Whose inside can be seen, and how it is asked. Another source is another variant, and needs two
//! things: to say of a connection whether it is the source's ([`Source::of`]), and to answer an [`Ask`] with a
//! [`Report`] ([`Source::ask`]); across a thread both go as `inside::encode` writes them.

use leptos::prelude::*;

use crate::{
    browser::{
        broker_lines,
        fetch::{NoBytes, bytes, in_query},
    },
    desk::inside::is_companion,
    inside::{Ask, Report, decode, encode},
    link::{Connection, TAB},
    ui::state::{
        form::host::{HostInfo, for_this_page},
        store::Store,
    },
};

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoReport {
    /// Nobody answered, or not with one.
    Silence,
    /// Others have asked just now.
    Later,
    /// It is not shown, in the words of who refused.
    Refused(String),
}

/// Where a report comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The companion that served the page, at this path.
    Companion(String),
    /// The broker in this browser.
    Tab,
}

impl Source {
    /// Whose inside is that of the broker that this page is connected to; `None`: that one does not show it.
    pub fn memo() -> Memo<Option<Self>> {
        let store = expect_context::<Store>();
        let info = expect_context::<RwSignal<Option<HostInfo>>>();
        Memo::new(move |_| {
            store
                .told
                .connection
                .with(|connection| info.with(|info| Self::of(connection, info.as_ref())))
        })
    }

    fn of(connection: &Connection, info: Option<&HostInfo>) -> Option<Self> {
        if connection.address == TAB {
            return Some(Self::Tab);
        }
        let info = info?;
        let path = info.inside.clone()?;
        let own = info.address()?;
        for_this_page(|page| is_companion(&connection.address, &own, page))
            .then_some(Self::Companion(path))
    }

    /// Asks.
    pub async fn ask(&self, ask: &Ask) -> Result<Report, NoReport> {
        match self {
            Self::Companion(path) => {
                let mut query = Vec::new();
                if let Some(topic) = &ask.topic {
                    query.push(format!("topic={}", in_query(topic)));
                }
                if let Some(picked) = ask.picked {
                    query.push(format!("picked={picked}"));
                }
                let answer = bytes(&format!("{path}?{}", query.join("&"))).await;
                let answer = answer.map_err(|why| match why {
                    NoBytes::Status(403, words) => NoReport::Refused(words),
                    NoBytes::Status(429, _) => NoReport::Later,
                    NoBytes::Silence | NoBytes::Status(..) => NoReport::Silence,
                })?;
                decode(&answer).map_err(|_| NoReport::Silence)
            }
            Self::Tab => {
                let answer = broker_lines::inside(&encode(ask)).await;
                decode(&answer.ok_or(NoReport::Silence)?).map_err(|_| NoReport::Silence)
            }
        }
    }
}
