//! Fetch: what the host of the page answers, as bytes.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Why there are no bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoBytes {
    /// Nobody answered.
    Silence,
    /// The answer was this status, with these words.
    Status(u16, String),
}

/// What stands at this path beside the page.
pub async fn bytes(path: &str) -> Result<Vec<u8>, NoBytes> {
    let response = ask(path).await.ok_or(NoBytes::Silence)?;
    if !response.ok() {
        let words = match response.text() {
            Ok(words) => JsFuture::from(words).await.ok(),
            Err(_) => None,
        };
        let words = words.and_then(|words| words.as_string());
        return Err(NoBytes::Status(
            response.status(),
            words.unwrap_or_default(),
        ));
    }
    let buffer = response.array_buffer().map_err(|_| NoBytes::Silence)?;
    let buffer = JsFuture::from(buffer).await.map_err(|_| NoBytes::Silence)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// The texts of these files beside the page, in their order; `None` for one that is not there. All are asked for at once.
pub async fn texts(paths: impl Iterator<Item = String>) -> Vec<Option<String>> {
    let Some(window) = web_sys::window() else {
        return paths.map(|_| None).collect();
    };
    let asked: Vec<_> = paths.map(|path| window.fetch_with_str(&path)).collect();
    let mut texts = Vec::with_capacity(asked.len());
    for answer in asked {
        texts.push(text(JsFuture::from(answer)).await);
    }
    texts
}

async fn text(answer: JsFuture) -> Option<String> {
    let response: Response = answer.await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    text.as_string()
}

async fn ask(path: &str) -> Option<Response> {
    let window = web_sys::window()?;
    let answer = JsFuture::from(window.fetch_with_str(path)).await.ok()?;
    answer.dyn_into().ok()
}

/// A value as it stands in a query.
pub fn in_query(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}
