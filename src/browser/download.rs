//! Saving bytes to a file on the user's machine.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Offers `bytes` as a download. `None`: the browser would not.
pub fn save(name: &str, bytes: &[u8]) -> Option<()> {
    let mut file = Download::default();
    file.add(bytes)?;
    file.save(name)
}

/// A file that comes in parts. Each part is handed to the browser, which keeps large ones outside of memory.
#[derive(Debug, Default)]
pub struct Download {
    parts: Array,
}

impl Download {
    /// Adds a part. `None`: the browser would not take it.
    pub fn add(&mut self, bytes: &[u8]) -> Option<()> {
        let bytes = Array::of1(&Uint8Array::from(bytes));
        let part = Blob::new_with_u8_array_sequence(&bytes).ok()?;
        self.parts.push(&part);
        Some(())
    }

    /// Offers what was added as a download. `None`: the browser would not.
    pub fn save(self, name: &str) -> Option<()> {
        let options = BlobPropertyBag::new();
        options.set_type("application/octet-stream");
        let blob = Blob::new_with_blob_sequence_and_options(&self.parts, &options).ok()?;
        let url = Url::create_object_url_with_blob(&blob).ok()?;
        let document = web_sys::window()?.document()?;
        let anchor: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
        // The browser has taken hold of the blob by the time the click returns.
        let _ = Url::revoke_object_url(&url);
        Some(())
    }
}
