//! `/inside`: what the broker tells of its inside, for the one at whose machine it runs. Nobody else may read it: it names
//! every client, user and topic.
//!
//! The one at the machine is whoever comes from the machine itself, by its own name, from no other page, and through nobody
//! else. See docs/decisions/0031-inside-the-broker.md.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use midge::inside::{Ask, encode};
use midge_broker::Broker;

use crate::seats::Seat;
use crate::security::host_name;

/// Answers that may follow each other at once.
const AT_ONCE: u32 = 5;

/// The time in which one more may be given.
const EACH: Duration = Duration::from_millis(200);

/// What those who come by way of another program bring with them.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
];

/// What `/inside` needs.
pub struct Inside {
    broker: Broker,
    is_open: bool,
    pace: Mutex<Pace>,
}

/// How fast answers may follow each other, whoever asks.
struct Pace {
    left: u32,
    since: Instant,
}

/// Why it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    Elsewhere,
    Name,
    Page,
    Forwarded,
    Origins,
}

impl Closed {
    fn words(self) -> &'static str {
        match self {
            Closed::Elsewhere => {
                "The inside of the broker is shown on the machine that it runs on, and nowhere else.\n"
            }
            Closed::Name => {
                "The inside of the broker is shown at 127.0.0.1 or localhost, and under no other name.\n"
            }
            Closed::Page => "The inside of the broker is shown to its own page, and to no other.\n",
            Closed::Forwarded => {
                "The inside of the broker is not shown through a proxy, behind which everybody seems to \
                 be on this machine.\n"
            }
            Closed::Origins => {
                "The inside of the broker is not shown when midge was started with --allow-origin: it may \
                 stand behind a proxy, where everybody seems to be on this machine.\n"
            }
        }
    }
}

impl Inside {
    /// `is_open`: whoever comes from this machine is at this machine.
    pub fn new(broker: Broker, is_open: bool) -> Inside {
        Inside {
            broker,
            is_open,
            pace: Mutex::new(Pace {
                left: AT_ONCE,
                since: Instant::now(),
            }),
        }
    }

    fn may_answer(&self) -> bool {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.take(Instant::now())
    }
}

impl Pace {
    fn take(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.since);
        let more = u32::try_from(passed.as_millis() / EACH.as_millis()).unwrap_or(AT_ONCE);
        if more > 0 {
            self.left = AT_ONCE.min(self.left.saturating_add(more));
            self.since = now;
        }
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }
}

/// Answers with a report, as `midge::inside` writes it.
pub async fn serve(
    State(inside): State<Arc<Inside>>,
    Extension(seat): Extension<Arc<Seat>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if let Err(closed) = admit(inside.is_open, seat.address(), &headers) {
        return plain(StatusCode::FORBIDDEN, closed.words());
    }
    let Some(ask) = read(uri.query().unwrap_or_default()) else {
        return plain(StatusCode::BAD_REQUEST, "picked has to be a number.\n");
    };
    if !inside.may_answer() {
        let words = "Too many have asked just now. Ask again in a second.\n";
        let later = [(header::RETRY_AFTER, "1")];
        return (later, plain(StatusCode::TOO_MANY_REQUESTS, words)).into_response();
    }
    match inside.broker.inside(ask).await {
        Ok(report) => (
            [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            encode(&report),
        )
            .into_response(),
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "The broker is gone.\n"),
    }
}

fn plain(status: StatusCode, words: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], words).into_response()
}

/// Whether this is the one at the machine.
pub fn admit(is_open: bool, from: IpAddr, headers: &HeaderMap) -> Result<(), Closed> {
    if !from.to_canonical().is_loopback() {
        return Err(Closed::Elsewhere);
    }
    if !is_open {
        return Err(Closed::Origins);
    }
    if FORWARDED.iter().any(|name| headers.contains_key(*name)) {
        return Err(Closed::Forwarded);
    }
    let text = |name: header::HeaderName| {
        let mut all = headers.get_all(name).iter();
        let only = all.next().map(|value| value.to_str().unwrap_or_default());
        // Two are one too many: who knows which one another program reads.
        match all.next() {
            None => only,
            Some(_) => Some(""),
        }
    };
    let host = text(header::HOST).unwrap_or_default();
    if !host_name(host).is_some_and(|name| is_this_machine(&name)) {
        return Err(Closed::Name);
    }
    // A browser leaves it out when a page asks the host that it came from.
    if text(header::ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
        return Err(Closed::Page);
    }
    // What browsers say of who asks; programs say nothing. "none" is the user, in the address bar.
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(Closed::Page);
    }
    Ok(())
}

fn is_this_machine(name: &str) -> bool {
    let address = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    name == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// What is asked for. `None`: it cannot be read.
fn read(query: &str) -> Option<Ask> {
    let mut ask = Ask::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "picked" => ask.picked = Some(value.parse().ok()?),
            "topic" => ask.topic = Some(value.into_owned()),
            _ => {}
        }
    }
    Some(ask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const HERE: &str = "127.0.0.1";

    fn admits(from: &str, said: &[(&'static str, &'static str)]) -> Result<(), Closed> {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            let name = HeaderName::from_static(name);
            headers.append(name, HeaderValue::from_static(value));
        }
        admit(true, from.parse().unwrap(), &headers)
    }

    #[test]
    fn whoever_is_at_the_machine_may_come() {
        for (from, host) in [
            (HERE, "127.0.0.1:8080"),
            (HERE, "localhost"),
            ("::1", "[::1]:8080"),
            ("127.9.9.9", "127.9.9.9"),
            ("::ffff:127.0.0.1", "localhost:1"),
        ] {
            assert_eq!(admits(from, &[("host", host)]), Ok(()), "{from} {host}");
        }
        let page = [
            ("host", "127.0.0.1:8080"),
            ("origin", "http://127.0.0.1:8080"),
            ("sec-fetch-site", "same-origin"),
        ];
        assert_eq!(admits(HERE, &page), Ok(()));
        let typed = [("host", "localhost"), ("sec-fetch-site", "none")];
        assert_eq!(admits(HERE, &typed), Ok(()));
    }

    #[test]
    fn other_machines_may_not_whatever_they_say() {
        for from in [
            "192.168.1.5",
            "10.0.0.1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "0.0.0.0",
            "::",
        ] {
            let said = [("host", "127.0.0.1:8080")];
            assert_eq!(admits(from, &said), Err(Closed::Elsewhere), "{from}");
        }
    }

    #[test]
    fn other_names_and_other_pages_may_not() {
        for host in [
            "192.168.1.5:8080",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "a@127.0.0.1",
            "0.0.0.0",
            "[::]",
            "lab.local",
            "",
        ] {
            assert_eq!(admits(HERE, &[("host", host)]), Err(Closed::Name), "{host}");
        }
        assert_eq!(admits(HERE, &[]), Err(Closed::Name));
        let two = [("host", "localhost"), ("host", "localhost")];
        assert_eq!(admits(HERE, &two), Err(Closed::Name));
        for origin in [
            "null",
            "",
            "http://127.0.0.1:5000",
            "https://127.0.0.1:8080",
            "http://localhost:8080",
            "http://127.0.0.1:8080.evil.example",
            "http://127.0.0.1:8080/",
            "http://evil.example",
        ] {
            let said = [("host", "127.0.0.1:8080"), ("origin", origin)];
            assert_eq!(admits(HERE, &said), Err(Closed::Page), "{origin}");
        }
        for site in ["cross-site", "same-site", "", "Same-Origin"] {
            let said = [("host", "localhost"), ("sec-fetch-site", site)];
            assert_eq!(admits(HERE, &said), Err(Closed::Page), "{site}");
        }
    }

    #[test]
    fn nobody_comes_through_a_proxy() {
        for name in FORWARDED {
            let said = [("host", "localhost"), (name, "127.0.0.1")];
            assert_eq!(admits(HERE, &said), Err(Closed::Forwarded), "{name}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        let closed = admit(false, HERE.parse().unwrap(), &headers);
        assert_eq!(closed, Err(Closed::Origins));
    }

    #[test]
    fn answers_follow_each_other_no_faster_than_they_may() {
        let start = Instant::now();
        let mut pace = Pace {
            left: AT_ONCE,
            since: start,
        };
        let given = (0..50).filter(|_| pace.take(start)).count();
        assert_eq!(given, AT_ONCE as usize);
        let given = (0..1000).filter(|at| pace.take(start + Duration::from_millis(*at)));
        assert_eq!(given.count(), 4);
        let later = start + Duration::from_secs(3600);
        let given = (0..50).filter(|_| pace.take(later)).count();
        assert_eq!(given, AT_ONCE as usize);
    }

    #[test]
    fn what_is_asked_for_is_read_from_the_query() {
        let ask = read("picked=12&topic=a%2Fb+c%23&more=1").unwrap();
        assert_eq!(
            (ask.picked, ask.topic.as_deref()),
            (Some(12), Some("a/b c#"))
        );
        assert_eq!(read(""), Some(Ask::default()));
        for wrong in ["picked=", "picked=-1", "picked=99999999999999999999"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(
            read("topic=%FF%00").unwrap().topic.as_deref(),
            Some("\u{FFFD}\0")
        );
    }
}
