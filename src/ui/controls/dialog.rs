//! A dialog. It is the browser's `<dialog>`, which keeps the focus inside and closes with Escape.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::ui::{
    piece::{Held, Piece, shown_when, view},
    state::store::Store,
    words::Words,
};

/// A dialog with a heading and a way to close it. Its content is there only while it is open.
#[component(transparent)]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    title: fn(&Words) -> &'static str,
    /// Its identifier on the page.
    id: &'static str,
    /// The content.
    children: Box<dyn Fn() -> Piece>,
) -> Piece {
    let store = expect_context::<Store>();
    let element = Held::<HtmlDialogElement>::new_local(None);
    Effect::new(move |_| {
        let wanted = open.get();
        if let Some(dialog) = element.get()
            && dialog.open() != wanted
        {
            if wanted {
                let _ = dialog.show_modal();
            } else {
                dialog.close();
            }
        }
    });
    // A press on the dialog itself is one beside its content: the backdrop.
    let beside = move |event: web_sys::MouseEvent| {
        let dialog = element.get_untracked();
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if target.is_some() && target == dialog {
            open.set(false);
        }
    };
    // The browser tells of it later: it may be open again by then.
    let closed = move |_| {
        let is_open =
            element.with_untracked(|dialog| dialog.as_ref().is_some_and(|one| one.open()));
        if !is_open {
            open.set(false);
        }
    };
    let heading = format!("{id}-title");
    let labelled = heading.clone();
    view! {
        <dialog id=id class="dialog" aria-labelledby=labelled node_ref=element on:close=closed on:mousedown=beside>
            <div class="dialog-inner">
                <div class="line">
                    <h2 id=heading class="grow">{store.text(title)}</h2>
                    <button type="button" class="button" on:click=move |_| open.set(false)>{store.text(|w| w.close)}</button>
                </div>
                {shown_when(move || open.get(), children)}
            </div>
        </dialog>
    }
}
