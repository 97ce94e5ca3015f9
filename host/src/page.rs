//! The built page over HTTP: what tower-http's `ServeDir` does not say by itself. Knows nothing of MQTT.
//!
//! Beside a file may lie the same one compressed, with `.br` or `.gz` behind its name: it is sent to whoever takes it.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use tower_http::services::ServeDir;

use crate::files::Page;

/// Shown at the page's address when the program was built without a page.
const NO_PAGE: &str = "<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><title>Midge</title></head>
<body>
<h1>This host was built without its page</h1>
<p>The folder <code>dist</code> was empty when the program <code>midge</code> was built.
Run <code>cargo xtask run</code> in the project: it builds the page, then the host.</p>
<p>The broker works all the same, at <code>/mqtt</code> on this port.</p>
</body>
</html>
";

/// Answers GET and HEAD with a file of the page; `/` is its start.
pub fn service(page: Page) -> MethodRouter {
    let files = ServeDir::with_backend("", page)
        .precompressed_br()
        .precompressed_gzip()
        .ignore_multi_range_requests(true)
        .fallback(any(missing));
    any(move |mut request: Request| {
        let mut files = files.clone();
        async move {
            if !may_have_a_part(request.headers()) {
                request.headers_mut().remove(header::RANGE);
            }
            let answer = files.try_call(request).await;
            // A drive that is gone, a file that cannot be read.
            answer.map_or_else(|_| not_found(), |answer| complete(answer.map(Body::new)))
        }
    })
}

/// Whether a part may be the answer: of a unit that is understood (RFC 9110 section 14.2), and not on the condition that the
/// file is still the one that the other parts are from (section 13.1.5), which `ServeDir` does not look at. The whole file
/// is right in any case.
fn may_have_a_part(headers: &HeaderMap) -> bool {
    let is_in_bytes = headers
        .get(header::RANGE)
        .is_some_and(|range| range.as_bytes().starts_with(b"bytes="));
    is_in_bytes && !headers.contains_key(header::IF_RANGE)
}

/// What every answer with a file carries.
fn complete(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        // Some files have the same name in every build: browsers may keep them, but must ask.
        let asks = HeaderValue::from_static("no-cache");
        headers.insert(header::CACHE_CONTROL, asks);
    }
    // Also of an answer that says that nothing has changed (RFC 9110 section 15.4.5).
    let by_encoding = HeaderValue::from_static("accept-encoding");
    headers.insert(header::VARY, by_encoding);
    say_charset(headers);
    answer
}

/// Whatever is text is UTF-8 here, and browsers guess where it is not said.
fn say_charset(headers: &mut HeaderMap) {
    let told = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .filter(|kind| kind.starts_with("text/") && !kind.contains(';'))
        .and_then(|kind| HeaderValue::from_str(&format!("{kind}; charset=utf-8")).ok());
    if let Some(told) = told {
        headers.insert(header::CONTENT_TYPE, told);
    }
}

async fn missing(uri: Uri) -> Response {
    if !matches!(uri.path(), "/" | "/index.html") {
        return not_found();
    }
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        NO_PAGE,
    )
        .into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is no such file here.\n").into_response()
}

#[cfg(test)]
mod tests;
