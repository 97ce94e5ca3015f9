//! Lines over the messages: what broke a rule while the connection goes on, and what was larger than Midge takes.

use leptos::prelude::*;

use crate::{
    desk::{format, text::shortened},
    link::{Remark, RemarkOn, Target},
    protocol::Version,
    ui::{
        piece::{Piece, rows, view},
        state::store::{Store, Tab},
        words::Words,
    },
};

/// Lines at a time; what was said first stands first.
const SHOWN: usize = 3;

/// All lines that were not put away.
#[component(transparent)]
pub fn RemarkLines() -> Piece {
    let store = expect_context::<Store>();
    let away = RwSignal::new(Vec::<u32>::new());
    let numbers = Memo::new(move |_| {
        store.told.remarks.with(|remarks| {
            let here = remarks.iter().map(|remark| remark.number);
            away.with(|away| {
                let kept = here.filter(|number| !away.contains(number));
                kept.take(SHOWN).collect::<Vec<_>>()
            })
        })
    });
    rows(
        move || numbers.get(),
        u32::to_string,
        move |_, number| line(store, number, away),
    )
}

fn line(store: Store, number: u32, away: RwSignal<Vec<u32>>) -> Piece {
    let find = move |remarks: &Vec<Remark>| {
        let mut remarks = remarks.iter();
        remarks.find(|remark| remark.number == number).cloned()
    };
    let remark = move || store.told.remarks.with(find);
    let words = move || {
        let version = store.told.connection.with(|connection| connection.version);
        remark().map(|remark| in_words(&remark, version, store.words()))
    };
    let seq = store
        .told
        .remarks
        .with_untracked(find)
        .and_then(|one| one.seq);
    let put_away = move |_| {
        away.update(|away| {
            // What is not there any more needs no number.
            store.told.remarks.with_untracked(|remarks| {
                away.retain(|one| remarks.iter().any(|remark| remark.number == *one));
            });
            away.push(number);
        });
    };
    let look = move |_| {
        if let Some(seq) = seq {
            store.chrome.tab.set(Tab::Packet);
            store.inspect(Some(Target::Packet(seq)));
        }
    };
    view! {
        <div class="banner" role="status" data-remark=number>
            <span class="grow wrap">{words}</span>
            <button type="button" class="button" hidden=seq.is_none() on:click=look>
                {store.text(|w| w.rest().work.remarks.look)}
            </button>
            <button type="button" class="button ghost" on:click=put_away>{store.text(|w| w.close)}</button>
        </div>
    }
}

fn in_words(remark: &Remark, version: Version, words: &Words) -> String {
    let w = &words.rest().work.remarks;
    let version = version.name();
    let count = format::whole(u64::from(remark.count));
    let size = |bytes: u32| format::size(u64::from(bytes));
    let (said, often) = match &remark.on {
        RemarkOn::Message {
            topic,
            detail,
            clause,
        } => (
            (w.message)(&shortened(topic), detail, version, clause),
            w.messages,
        ),
        RemarkOn::Broker { detail, clause } => ((w.broker)(detail, version, clause), w.times),
        RemarkOn::TooLarge {
            topic: Some(topic),
            size: bytes,
            limit,
        } => (
            (w.too_large)(&shortened(topic), &size(*bytes), &size(*limit)),
            w.messages,
        ),
        RemarkOn::TooLarge {
            topic: None,
            size: bytes,
            limit,
        } => ((w.packet_too_large)(&size(*bytes), &size(*limit)), w.times),
        RemarkOn::AliasNames { limit } => ((w.alias_names)(&size(*limit)), w.times),
    };
    if remark.count > 1 {
        format!("{said} {}", often(&count))
    } else {
        said
    }
}
