//! `/midge.json`: what the page has to know about the host that served it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The answer, as JSON.
#[derive(Debug, Serialize)]
pub struct About {
    /// Path of MQTT over WebSocket, on the port of the page.
    pub mqtt: &'static str,
    /// Brokers of elsewhere that are reached through this host, in the order of the command line.
    pub brokers: Vec<Elsewhere>,
    /// The page's address for other machines of this network, if they may come.
    pub lan: Option<String>,
    /// Whether demo topics are published.
    pub demo: bool,
    /// Port of plain MQTT, if it is open.
    pub tcp: Option<u16>,
    /// Path of what the broker tells of its inside, if it does.
    pub inside: Option<&'static str>,
    /// Version of the host.
    pub version: &'static str,
}

/// A broker of elsewhere.
#[derive(Debug, Serialize)]
pub struct Elsewhere {
    /// Its name.
    pub name: String,
    /// The path by which it is reached.
    pub path: String,
}

/// Answers with [`About`]. Never kept by a cache: the next start may have other options.
pub async fn serve(State(about): State<Arc<About>>) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(&*about)).into_response()
}
