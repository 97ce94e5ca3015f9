//! `/metrics`: what the broker counted and holds, as Prometheus reads it. Numbers alone, and no name of a client or a topic. For
//! programs of this machine, unless everyone may read it.

use std::fmt::Write;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use midge_broker::{Broker, Numbers};

use crate::inside::admit;
use crate::seats::Seat;

/// What `/metrics` needs.
pub struct Metrics {
    /// Who counts.
    pub broker: Broker,
    /// Whoever comes from this machine is at this machine.
    pub is_open: bool,
    /// Everyone may read it.
    pub is_for_all: bool,
}

/// Answers in Prometheus' text format.
pub async fn serve(
    State(metrics): State<Arc<Metrics>>,
    Extension(seat): Extension<Arc<Seat>>,
    headers: HeaderMap,
) -> Response {
    let said = |status: StatusCode, words: String| {
        let headers = [
            (
                header::CONTENT_TYPE,
                "text/plain; version=0.0.4; charset=utf-8",
            ),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (status, headers, words).into_response()
    };
    if !metrics.is_for_all && admit(metrics.is_open, seat.address(), &headers).is_err() {
        let words = "The numbers are for programs of this machine. Start midge with --metrics-for-all to show them to \
                     everyone.\n";
        return said(StatusCode::FORBIDDEN, words.to_owned());
    }
    match metrics.broker.numbers().await {
        Ok(numbers) => said(StatusCode::OK, text(&numbers)),
        Err(_) => said(
            StatusCode::SERVICE_UNAVAILABLE,
            "The broker is gone.\n".to_owned(),
        ),
    }
}

fn text(Numbers { counters, held }: &Numbers) -> String {
    let size = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let mut all = vec![
        ("midge_clients_connected", "gauge", size(counters.connected)),
        ("midge_sessions", "gauge", size(held.sessions)),
        ("midge_subscriptions", "gauge", size(held.subscriptions)),
        ("midge_retained_messages", "gauge", size(held.retained.0)),
        ("midge_retained_bytes", "gauge", size(held.retained.1)),
        ("midge_waiting_messages", "gauge", size(held.messages.0)),
        ("midge_waiting_bytes", "gauge", size(held.messages.1)),
        ("midge_connections_total", "counter", counters.opened),
        (
            "midge_messages_received_total",
            "counter",
            counters.publish_received,
        ),
        (
            "midge_messages_sent_total",
            "counter",
            counters.publish_sent,
        ),
        ("midge_messages_dropped_total", "counter", counters.dropped),
        (
            "midge_received_bytes_total",
            "counter",
            counters.bytes_received,
        ),
        ("midge_sent_bytes_total", "counter", counters.bytes_sent),
    ];
    if let Some(bytes) = resident() {
        all.push(("process_resident_memory_bytes", "gauge", bytes));
    }
    let mut text = String::new();
    for (name, kind, number) in all {
        // Writing into a String cannot fail.
        let _ = write!(text, "# TYPE {name} {kind}\n{name} {number}\n");
    }
    text
}

/// The memory of this program. `None`: the system does not say it in a file.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
