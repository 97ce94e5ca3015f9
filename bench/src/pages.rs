//! The web server of a measurement: Midge's page as it was built, with two insertions; a plain page for the others; and
//! the wire between a page's probe and the case that is being measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as Part, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;

use crate::lock;

/// The policy under which the host serves the page (`host/src/security.rs`), and what makes the page's clock fine and
/// lets it weigh its own memory.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; \
         connect-src 'self' ws: wss:; img-src 'self' blob: data:; font-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// What a case answers to its page.
pub enum Reply {
    /// A value.
    Json(Value),
    /// Bytes, such as a turn for Midge's worker.
    Bytes(Vec<u8>),
}

/// What a case does when its page asks: the word it asks with, and what it sends along. It may take its time.
pub type Answers = dyn Fn(&str, &[u8]) -> Result<Reply, String> + Send + Sync;

/// One measurement, as the pages see it.
struct Running {
    plan: Value,
    answers: Arc<Answers>,
    results: Sender<Value>,
}

/// The server.
pub struct Pages {
    /// Its port on 127.0.0.1.
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    root: PathBuf,
    running: Mutex<Option<Running>>,
}

impl Pages {
    /// Serves from the repository at `root`, on a free port, until the program ends.
    pub fn start(runtime: &tokio::runtime::Runtime, root: &Path) -> Result<Self, String> {
        let shared = Arc::new(Shared {
            root: root.to_owned(),
            running: Mutex::new(None),
        });
        let router = Router::new()
            .route("/bench/plan", get(plan))
            .route("/bench/ask/{word}", post(ask))
            .route("/bench/result", post(result))
            .route("/bench/say", post(say))
            .route("/bench/{file}", get(own))
            .route("/npm/{*path}", get(npm))
            .route(
                "/midge/",
                get(|state: State<Arc<Shared>>| midge(state, Part("index.html".to_owned()))),
            )
            .route("/midge/{*path}", get(midge))
            .route(
                "/plain/",
                get(|state: State<Arc<Shared>>| own(state, Part("plain.html".to_owned()))),
            )
            .layer(DefaultBodyLimit::max(64 << 20))
            .layer(middleware::from_fn(with_headers))
            .with_state(Arc::clone(&shared));
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))
            .map_err(|error| error.to_string())?;
        let port = listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .port();
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { port, shared })
    }

    /// From now on pages get this plan, and these answers. What they report comes out of the channel.
    pub fn begin(&self, plan: Value, answers: Arc<Answers>) -> Receiver<Value> {
        let (results, receiver) = channel();
        *lock(&self.shared.running) = Some(Running {
            plan,
            answers,
            results,
        });
        receiver
    }

    /// Pages get nothing more.
    pub fn end(&self) {
        *lock(&self.shared.running) = None;
    }
}

async fn with_headers(request: Request, next: Next) -> Response {
    let is_plain = request.uri().path() == "/plain/";
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    if is_plain {
        // MQTT.js counts its time in a worker that it makes of a blob. The others are not to be slowed by our policy.
        response
            .headers_mut()
            .remove(header::CONTENT_SECURITY_POLICY);
    }
    response
}

async fn plan(State(shared): State<Arc<Shared>>) -> Response {
    match &*lock(&shared.running) {
        Some(running) => axum::Json(running.plan.clone()).into_response(),
        None => StatusCode::GONE.into_response(),
    }
}

async fn ask(State(shared): State<Arc<Shared>>, Part(word): Part<String>, body: Bytes) -> Response {
    let answers = match &*lock(&shared.running) {
        Some(running) => Arc::clone(&running.answers),
        None => return StatusCode::GONE.into_response(),
    };
    match tokio::task::spawn_blocking(move || answers(&word, &body)).await {
        Ok(Ok(Reply::Json(value))) => axum::Json(value).into_response(),
        Ok(Ok(Reply::Bytes(bytes))) => bytes.into_response(),
        Ok(Err(reason)) => (StatusCode::INTERNAL_SERVER_ERROR, reason).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn result(
    State(shared): State<Arc<Shared>>,
    axum::Json(value): axum::Json<Value>,
) -> Response {
    if let Some(running) = &*lock(&shared.running) {
        // The case may have given up waiting.
        let _ = running.results.send(value);
    }
    StatusCode::NO_CONTENT.into_response()
}

async fn say(words: String) -> Response {
    println!("   page: {words}");
    StatusCode::NO_CONTENT.into_response()
}

async fn own(State(shared): State<Arc<Shared>>, Part(file): Part<String>) -> Response {
    let folder = shared.root.join("bench").join("page");
    serve(&folder, &file, |bytes| bytes)
}

async fn npm(State(shared): State<Arc<Shared>>, Part(file): Part<String>) -> Response {
    let folder = shared.root.join("bench").join("page").join("node_modules");
    serve(&folder, &file, |bytes| bytes)
}

/// Midge's page. The two insertions: the probe in the page, and, where memory is weighed, the one in the worker.
async fn midge(State(shared): State<Arc<Shared>>, Part(file): Part<String>) -> Response {
    let weighed = match &*lock(&shared.running) {
        Some(running) => running.plan["memory"] == Value::Bool(true),
        None => false,
    };
    let insert = |bytes: Vec<u8>| match file.as_str() {
        "index.html" => String::from_utf8_lossy(&bytes)
            .replacen(
                "<head>",
                "<head><script src=\"/bench/probe.js\"></script>",
                1,
            )
            .into_bytes(),
        "engine_loader.js" if weighed => {
            [b"importScripts(\"/bench/engine_probe.js\");\n", &bytes[..]].concat()
        }
        _ => bytes,
    };
    serve(&shared.root.join("dist"), &file, insert)
}

fn serve(folder: &Path, file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Response {
    if file.split('/').any(|part| part == "..") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let Ok(bytes) = fs::read(folder.join(file)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match file.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind)], change(bytes)).into_response()
}
