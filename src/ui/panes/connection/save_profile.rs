//! The button that asks for a name and saves the form under it.

use crate::ui::controls::rest::later;
use leptos::prelude::*;

use crate::ui::{
    piece::{Piece, view},
    state::{
        form::{
            Form,
            keeping::{NotKept, not_kept_words},
        },
        store::Store,
    },
};

later! {
    /// The button that saves the form.
    pub fn save_profile() in around { SaveProfile }
}

/// The button, and the field for the name.
#[component(transparent)]
fn SaveProfile() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let naming = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let begin = move |_| match untrack(|| form.examined()) {
        Ok(address) if form.sound() => {
            name.set(address.authority());
            naming.set(true);
        }
        // The fault shows where it is.
        _ => form.show_faults(),
    };
    let save = move || {
        let typed = name.get_untracked();
        let typed = typed.trim();
        if typed.is_empty() {
            return;
        }
        let words = store.speech.words_now();
        store.toast(match form.save(typed) {
            Ok(left_out) if left_out.is_empty() => (words.broker.saved)(typed),
            Ok(left_out) => (words.rest().keeping.saved_without)(typed, &left_out.join(", ")),
            Err(why) => {
                if why == NotKept::Unsound {
                    form.tried.set(true);
                }
                not_kept_words(why, store).to_owned()
            }
        });
        naming.set(false);
    };
    view! {
        <button type="button" class="button" hidden=move || naming.get() title=store.text(|w| w.broker.no_profiles) on:click=begin>
            {store.text(|w| w.broker.save_profile)}
        </button>
        <div class="line naming" hidden=move || !naming.get()>
            <input
                class="field grow"
                aria-label=store.text(|w| w.broker.profile_name)
                autocomplete="off"
                prop:value=move || name.get()
                on:input:target=move |event| name.set(event.target().value())
                on:keydown=move |event| match event.key().as_str() {
                    // Enter would send the form, which connects.
                    "Enter" => {
                        event.prevent_default();
                        save();
                    }
                    "Escape" => naming.set(false),
                    _ => {}
                }
            />
            <button type="button" class="button" on:click=move |_| save()>{store.text(|w| w.broker.save)}</button>
        </div>
    }
}
