//! Copies a text to the clipboard, and says whether that went well.

use leptos::task::spawn_local;

use crate::{browser::clipboard, ui::state::store::Store};

/// Copies this text. A browser may refuse it.
pub fn copy(store: Store, text: String) {
    spawn_local(async move {
        let done = clipboard::copy(&text).await;
        let words = store.speech.words_now().rest();
        store.toast(if done { words.copied } else { words.not_copied }.to_owned());
    });
}
