//! A name that is cut, shown whole while the pointer is on it. Rows of a pool are others a moment later: what was put there goes
//! away as soon as they are drawn again.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Whole(StoredValue<Option<HtmlElement>, LocalStorage>);

impl Default for Whole {
    /// Nothing is shown yet.
    fn default() -> Self {
        Self(StoredValue::new_local(None))
    }
}

impl Whole {
    /// The pointer came over something.
    pub fn over(self, event: &Event) {
        self.put_away();
        let hit = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest(".whole").ok().flatten());
        let Some(name) = hit.and_then(|hit| hit.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let cut = name.query_selector(".mid:not(:empty)").ok().flatten();
        // What has a sign in it is not cut in its middle, but may be at its end.
        if cut.is_some() || name.scroll_width() > name.client_width() {
            name.set_title(&name.text_content().unwrap_or_default());
            self.0.set_value(Some(name));
        }
    }

    /// What is there now is something else.
    pub fn put_away(self) {
        if self.0.with_value(Option::is_some) {
            self.0.update_value(|shown| {
                if let Some(name) = shown.take() {
                    let _ = name.remove_attribute("title");
                }
            });
        }
    }
}
