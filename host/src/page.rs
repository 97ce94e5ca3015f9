//! The built page: the files of `dist/`, inside the program or in a folder. Knows nothing of MQTT.
//!
//! Beside a file may lie the same one compressed, with `.br` or `.gz` behind its name: it is sent to whoever takes it.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::encoding::{self, Encoding};

#[derive(RustEmbed)]
#[folder = "../dist"]
// The host can be built and tested before the page was.
#[allow_missing = true]
struct Dist;

/// Where the files of the page are.
#[derive(Debug, Clone)]
pub enum Page {
    /// In this program.
    Inside,
    /// In this folder, read at each request.
    Folder(PathBuf),
}

/// How long the reading of a file may take. A folder may lie on a drive that is gone.
const READING: Duration = Duration::from_secs(20);

/// How many files are read at once: a drive that is gone must not take all of the program's threads.
static READERS: Semaphore = Semaphore::const_new(32);

impl Page {
    /// The same as [`Page::packed`], where it keeps nobody waiting.
    async fn fetch(
        self: Arc<Page>,
        name: String,
        accepted: String,
    ) -> Option<(EmbeddedFile, Option<Encoding>)> {
        if let Page::Inside = *self {
            return self.packed(&name, &accepted);
        }
        let found = async {
            let turn = READERS.acquire().await.ok()?;
            spawn_blocking(move || {
                let found = self.packed(&name, &accepted);
                // Not earlier, whoever waited for it.
                drop(turn);
                found
            })
            .await
            .ok()?
        };
        timeout(READING, found).await.ok()?
    }

    fn file(&self, name: &str) -> Option<EmbeddedFile> {
        match self {
            Page::Inside => Dist::get(name),
            Page::Folder(folder) => {
                // Nothing outside of the folder has a name here.
                let plain = |part| matches!(part, Component::Normal(_));
                if !Path::new(name).components().all(plain) {
                    return None;
                }
                let path = folder.join(name);
                // Opening a pipe waits for somebody who writes, and a device has no end.
                if !std::fs::metadata(&path).ok()?.is_file() {
                    return None;
                }
                rust_embed_utils::read_file_from_fs(&path).ok()
            }
        }
    }

    /// The file as this client takes it, and how it is packed.
    fn packed(&self, name: &str, accepted: &str) -> Option<(EmbeddedFile, Option<Encoding>)> {
        let packed = Encoding::ALL
            .into_iter()
            .filter(|encoding| encoding::accepts(accepted, *encoding))
            .find_map(|encoding| {
                let file = self.file(&format!("{name}{}", encoding.suffix()))?;
                Some((file, Some(encoding)))
            });
        packed.or_else(|| Some((self.file(name)?, None)))
    }
}

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
pub async fn serve(
    State(page): State<Arc<Page>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
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
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let found = page.fetch(name.to_owned(), accepted.to_owned()).await;
    match found {
        Some((file, encoding)) => respond(name, file, encoding, headers.get(header::IF_NONE_MATCH)),
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

fn respond(
    name: &str,
    file: EmbeddedFile,
    encoding: Option<Encoding>,
    known: Option<&HeaderValue>,
) -> Response {
    let tag = tag(&file.metadata.sha256_hash());
    // Some files have the same name in every build: browsers may keep them, but must ask.
    let caching = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if known.is_some_and(|known| is_known(known, &tag)) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let body = match file.data {
        Cow::Borrowed(bytes) => Body::from(Bytes::from_static(bytes)),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let kind = match encoding {
        // By its own name: a packed one's is that of an archive.
        Some(_) => mime_guess::from_path(name)
            .first_or_octet_stream()
            .to_string(),
        None => file.metadata.mimetype().to_owned(),
    };
    let mut response = (
        caching,
        [(header::CONTENT_TYPE, content_type(name, &kind))],
        body,
    )
        .into_response();
    if let Some(encoding) = encoding {
        let value = HeaderValue::from_static(encoding.name());
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, value);
    }
    response
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

    async fn asked(page: Page, method: Method, path: &str, accepted: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_str(accepted).unwrap(),
        );
        let uri = path.parse().unwrap();
        serve(State(Arc::new(page)), method, uri, headers).await
    }

    /// A folder with a script, the same packed, and a file beside the folder.
    fn folder(name: &str) -> PathBuf {
        let above = std::env::temp_dir().join(format!("midge-{name}-{}", std::process::id()));
        let folder = above.join("page");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(above.join("secret.js"), "no").unwrap();
        std::fs::write(folder.join("app.js"), "plain").unwrap();
        std::fs::write(folder.join("app.js.br"), "as brotli").unwrap();
        std::fs::write(folder.join("app.js.gz"), "as gzip").unwrap();
        folder
    }

    fn remove(folder: &Path) {
        if let Some(above) = folder.parent() {
            std::fs::remove_dir_all(above).unwrap();
        }
    }

    async fn text(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1_000)
            .await
            .unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_file_is_sent_packed_to_those_who_take_it() {
        let folder = folder("packed");
        for (accepted, encoding, body) in [
            ("gzip, deflate, br, zstd", Some("br"), "as brotli"),
            ("gzip, deflate", Some("gzip"), "as gzip"),
            ("br;q=0, gzip;q=0.5", Some("gzip"), "as gzip"),
            ("", None, "plain"),
        ] {
            let page = Page::Folder(folder.clone());
            let response = asked(page, Method::GET, "/app.js", accepted).await;
            let headers = response.headers();
            let told = headers.get(header::CONTENT_ENCODING);
            assert_eq!(told.map(|value| value.to_str().unwrap()), encoding);
            assert_eq!(
                headers[header::CONTENT_TYPE],
                "text/javascript; charset=utf-8"
            );
            assert_eq!(headers[header::VARY], "accept-encoding");
            assert_eq!(text(response).await, body, "{accepted}");
        }
        remove(&folder);
    }

    #[tokio::test]
    async fn nothing_outside_of_the_folder_is_served() {
        let folder = folder("outside");
        for path in ["/../secret.js", "/./../secret.js", "//secret.js", "/no.js"] {
            let page = Page::Folder(folder.clone());
            let response = asked(page, Method::GET, path, "").await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
        remove(&folder);
    }

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
        let response = asked(Page::Inside, Method::POST, "/", "").await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn a_missing_file_is_not_found() {
        let response = asked(Page::Inside, Method::GET, "/no/such/file.js", "").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}
