use std::path::PathBuf;

use axum::body::Body;
use axum::http::{Method, Request};
use rust_embed::RustEmbed;
use tower::ServiceExt;

use super::*;

async fn asked(page: &Page, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    service(page.clone()).oneshot(request).await.unwrap()
}

async fn got(page: &Page, path: &str, headers: &[(&str, &str)]) -> Response {
    asked(page, Method::GET, path, headers).await
}

/// A folder with a script, the same packed, and a file beside the folder. Gone with the test.
struct Folder {
    above: PathBuf,
    page: Page,
}

impl Folder {
    fn new(name: &str) -> Folder {
        let above = std::env::temp_dir().join(format!("midge-{name}-{}", std::process::id()));
        let folder = above.join("page");
        std::fs::create_dir_all(folder.join("below")).unwrap();
        std::fs::write(above.join("secret.js"), "no").unwrap();
        std::fs::write(folder.join("index.html"), "start").unwrap();
        std::fs::write(folder.join("app.js"), "plain").unwrap();
        std::fs::write(folder.join("app.js.br"), "as brotli").unwrap();
        std::fs::write(folder.join("app.js.gz"), "as gzip").unwrap();
        std::fs::write(folder.join("engine.wasm"), "wasm").unwrap();
        std::fs::write(folder.join("icon.png"), "png").unwrap();
        std::fs::write(folder.join("below/index.html"), "below").unwrap();
        let page = Page::Folder(folder);
        Folder { above, page }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.above).unwrap();
    }
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1_000);
    String::from_utf8(bytes.await.unwrap().to_vec()).unwrap()
}

fn said<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let value = response.headers().get(name)?;
    Some(value.to_str().unwrap())
}

#[tokio::test]
async fn a_file_is_sent_packed_to_those_who_take_it() {
    let folder = Folder::new("packed");
    for (accepted, encoding, body) in [
        ("gzip, deflate, br, zstd", Some("br"), "as brotli"),
        ("gzip, deflate", Some("gzip"), "as gzip"),
        ("br;q=0, gzip;q=0.5", Some("gzip"), "as gzip"),
        ("br;q=0.5, gzip;q=0", Some("br"), "as brotli"),
        ("br;q=0, gzip;q=0", None, "plain"),
        ("", None, "plain"),
    ] {
        let response = got(&folder.page, "/app.js", &[("accept-encoding", accepted)]).await;
        assert_eq!(said(&response, "content-encoding"), encoding, "{accepted}");
        let kind = said(&response, "content-type");
        assert_eq!(kind, Some("text/javascript; charset=utf-8"));
        assert_eq!(said(&response, "vary"), Some("accept-encoding"));
        assert_eq!(said(&response, "cache-control"), Some("no-cache"));
        let length = said(&response, "content-length").map(str::to_owned);
        assert_eq!(length, Some(body.len().to_string()));
        assert_eq!(text(response).await, body, "{accepted}");
    }
}

#[tokio::test]
async fn scripts_wasm_and_pictures_have_the_types_that_browsers_ask_for() {
    let folder = Folder::new("types");
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        // A wrong one would cost the streaming compiler.
        ("/engine.wasm", "application/wasm"),
        ("/icon.png", "image/png"),
    ] {
        let response = got(&folder.page, path, &[]).await;
        assert_eq!(said(&response, "content-type"), Some(kind), "{path}");
    }
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let folder = Folder::new("known");
    let first = got(&folder.page, "/app.js", &[]).await;
    let tag = said(&first, "etag").unwrap().to_owned();
    let date = said(&first, "last-modified").unwrap().to_owned();
    let weak = format!("\"other\", W/{tag}");
    for known in [
        ("if-none-match", tag.as_str()),
        ("if-none-match", weak.as_str()),
        ("if-modified-since", date.as_str()),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let response = asked(&folder.page, method, "/app.js", &[known]).await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known:?}");
            assert_eq!(said(&response, "etag"), Some(tag.as_str()));
            assert_eq!(said(&response, "cache-control"), Some("no-cache"));
            assert_eq!(said(&response, "vary"), Some("accept-encoding"));
            assert_eq!(text(response).await, "");
        }
    }
    for unknown in [
        ("if-none-match", "\"other\""),
        ("if-modified-since", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ] {
        let response = got(&folder.page, "/app.js", &[unknown]).await;
        assert_eq!(text(response).await, "plain", "{unknown:?}");
    }
    // The tag goes before the date.
    let both = [("if-none-match", "\"other\""), ("if-modified-since", &date)];
    let response = got(&folder.page, "/app.js", &both).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_packed_otherwise_or_has_changed_has_another_tag() {
    let folder = Folder::new("tags");
    let mut tags = Vec::new();
    for accepted in ["br", "gzip", ""] {
        let response = got(&folder.page, "/app.js", &[("accept-encoding", accepted)]).await;
        tags.push(said(&response, "etag").unwrap().to_owned());
    }
    // As long as none of the three: two files of one length may be written within one tick of the clock.
    std::fs::write(folder.above.join("page/app.js"), "changed since").unwrap();
    let response = got(&folder.page, "/app.js", &[("if-none-match", &tags[2])]).await;
    tags.push(said(&response, "etag").unwrap().to_owned());
    assert_eq!(text(response).await, "changed since");
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
}

#[tokio::test]
async fn a_part_of_a_file_can_be_asked_for() {
    let folder = Folder::new("part");
    let response = got(&folder.page, "/app.js", &[("range", "bytes=1-3")]).await;
    assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(said(&response, "content-range"), Some("bytes 1-3/5"));
    assert_eq!(text(response).await, "lai");
    let response = got(&folder.page, "/app.js", &[("range", "bytes=9-")]).await;
    assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE);
}

/// Parts of what a file was and of what it is make neither.
#[tokio::test]
async fn a_part_of_another_file_or_of_no_known_unit_is_the_whole() {
    let folder = Folder::new("whole");
    let part = ("range", "bytes=1-3");
    for headers in [
        &[part, ("if-range", "\"another\"")][..],
        &[part, ("if-range", "Sun, 06 Nov 1994 08:49:37 GMT")],
        &[("range", "lines=1-3")],
    ] {
        let response = got(&folder.page, "/app.js", headers).await;
        assert_eq!(response.status(), StatusCode::OK, "{headers:?}");
        assert_eq!(said(&response, "content-range"), None);
        assert_eq!(text(response).await, "plain");
    }
}

#[tokio::test]
async fn nothing_outside_of_the_folder_is_served_and_no_list_of_it() {
    let folder = Folder::new("outside");
    for path in [
        "/../secret.js",
        "/./../secret.js",
        "/%2e%2e/secret.js",
        "/..%2fsecret.js",
        "//secret.js",
        "/no.js",
        "/app.js/",
        "/app.js%00",
        "/below",
        "//below",
        "/below/",
    ] {
        let response = got(&folder.page, path, &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(text(response).await, "There is no such file here.\n");
    }
}

/// Files inside this program as those of the page are, whether it was built or not.
#[derive(RustEmbed)]
#[folder = "src/page"]
struct Own;

#[tokio::test]
async fn what_is_inside_the_program_is_served_the_same_way() {
    let page = Page::Inside(Own::get);
    let response = got(&page, "/tests.rs", &[]).await;
    let tag = said(&response, "etag").unwrap().to_owned();
    assert!(said(&response, "last-modified").is_some());
    assert_eq!(said(&response, "cache-control"), Some("no-cache"));
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    assert_eq!(bytes.unwrap(), include_bytes!("tests.rs")[..]);
    let response = got(&page, "/tests.rs", &[("if-none-match", &tag)]).await;
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    let response = got(&page, "/tests.rs", &[("range", "bytes=4-7")]).await;
    assert_eq!(text(response).await, "std:");
    for path in ["/no/such/file.js", "/../Cargo.toml", "/../page/tests.rs"] {
        let response = got(&page, path, &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let response = got(&page, "/", &[]).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(said(&response, "cache-control"), Some("no-store"));
}

#[tokio::test]
async fn the_page_cannot_be_written() {
    let response = asked(&Page::built_in(), Method::POST, "/", &[]).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(said(&response, "allow"), Some("GET,HEAD"));
}
