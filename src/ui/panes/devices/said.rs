//! The words of the devices.

use leptos::prelude::*;

use crate::ui::{
    state::store::Store,
    words::{DevicesWords, devices},
};

/// In the language of the page. Tracks that.
pub(super) fn words(store: Store) -> &'static DevicesWords {
    devices(store.speech.language.get())
}
