//! Shows notices that belong to no pane, as short messages.

use leptos::prelude::*;

use crate::{
    desk::text::{spoken, topic_words},
    link::Notice,
    ui::{controls::rest::later, piece::Piece, state::store::Store, words::Words},
};

later! {
    /// Shows notices as they come. It has no elements of its own.
    pub fn notices() in around { Notices }
}

#[component(transparent)]
fn Notices() -> Piece {
    let store = expect_context::<Store>();
    Effect::new(move |_| {
        store.told.notices.track();
        for notice in store.told.unsaid() {
            if let Some(text) = notice_words(&notice, store.speech.words_now()) {
                store.toast(text);
            }
        }
    });
    Piece::Nothing
}

/// The words for a notice that belongs to no pane; `None`: it belongs to one.
fn notice_words(notice: &Notice, words: &Words) -> Option<String> {
    let work = &words.rest().work;
    let happened = &words.later().happened;
    match notice {
        Notice::Unfinished { sent_anew, unknown } => Some((words.unfinished)(*sent_anew, *unknown)),
        Notice::Restored {
            publications,
            damaged,
        } => {
            let mut parts = Vec::new();
            if *publications > 0 {
                parts.push((happened.restored)(*publications));
            }
            if *damaged > 0 {
                parts.push((happened.damaged)(*damaged));
            }
            (!parts.is_empty()).then(|| parts.join(" "))
        }
        Notice::UnsubscribeRefused {
            filter,
            code,
            reason,
        } => {
            let w = &work.refusals;
            let mut text = (w.unsubscribe)(&topic_words(filter), (w.meaning)(*code), *code);
            if let Some(reason) = reason {
                text.push(' ');
                text.push_str(&(w.says)(&spoken(reason)));
            }
            Some(text)
        }
        Notice::Withheld { filter } => Some((work.left_out.notice_filter)(&topic_words(filter))),
        Notice::HeldBack { topic } => Some(match topic {
            Some(topic) => (work.left_out.notice_message)(&topic_words(topic)),
            None => work.left_out.notice_taken.to_owned(),
        }),
        Notice::SessionUnknown => Some(happened.session_unknown.to_owned()),
        Notice::Reauthenticated => Some(happened.reauthenticated.to_owned()),
        _ => None,
    }
}
