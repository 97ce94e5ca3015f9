//! The built page: the files of `dist/`, inside the program. Knows nothing of MQTT.

use std::borrow::Cow;
use std::fmt::Write;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../dist"]
// The host can be built and tested before the page was.
#[allow_missing = true]
struct Dist;

const START: &str = "index.html";

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
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET, HEAD")],
            "The page is read with GET or HEAD.\n",
        )
            .into_response();
    }
    let name = match uri.path().trim_start_matches('/') {
        "" => START,
        name => name,
    };
    match Dist::get(name) {
        Some(file) => respond(name, file, headers.get(header::IF_NONE_MATCH)),
        None if name == START => (
            StatusCode::SERVICE_UNAVAILABLE,
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            NO_PAGE,
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such file here.\n").into_response(),
    }
}

fn respond(name: &str, file: EmbeddedFile, known: Option<&HeaderValue>) -> Response {
    let tag = tag(&file.metadata.sha256_hash());
    // Some files have the same name in every build: browsers may keep them, but must ask.
    let caching = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    if known.is_some_and(|known| is_known(known, &tag)) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let body = match file.data {
        Cow::Borrowed(bytes) => Body::from(Bytes::from_static(bytes)),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    (
        caching,
        [(
            header::CONTENT_TYPE,
            content_type(name, file.metadata.mimetype()),
        )],
        body,
    )
        .into_response()
}

/// The content type by the file's name. A wrong one for wasm would cost the streaming compiler.
fn content_type(name: &str, guessed: &str) -> String {
    match name.rsplit('.').next() {
        Some("wasm") => "application/wasm".to_owned(),
        Some("webmanifest") => "application/manifest+json".to_owned(),
        _ if guessed.starts_with("text/") => format!("{guessed}; charset=utf-8"),
        _ => guessed.to_owned(),
    }
}

fn tag(hash: &[u8; 32]) -> String {
    let mut tag = String::from("\"");
    for byte in &hash[..16] {
        // Writing into a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether `If-None-Match` names the tag, weakly or not (RFC 9110 section 13.1.2).
fn is_known(known: &HeaderValue, tag: &str) -> bool {
    known.to_str().is_ok_and(|known| {
        known
            .split(',')
            .map(|one| one.trim().trim_start_matches("W/"))
            .any(|one| one == "*" || one == tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_scripts_and_styles_have_the_types_that_browsers_ask_for() {
        let guess = "application/octet-stream";
        assert_eq!(content_type("engine_bg.wasm", guess), "application/wasm");
        assert_eq!(
            content_type("app-3f.js", "text/javascript"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(content_type("icon.png", "image/png"), "image/png");
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let tag = tag(&[7; 32]);
        let known = |text: &str| is_known(&HeaderValue::from_str(text).unwrap(), &tag);
        assert!(known(&tag));
        assert!(known(&format!("\"other\", W/{tag}")));
        assert!(!known("\"other\""));
    }

    #[tokio::test]
    async fn the_page_cannot_be_written() {
        let response = serve(Method::POST, Uri::from_static("/"), HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn a_missing_file_is_not_found() {
        let uri = Uri::from_static("/no/such/file.js");
        let response = serve(Method::GET, uri, HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}
