//! Making a file of what was captured. The engine makes it in parts; they are put together here, and offered as a download.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    browser::{date, download::Download},
    desk::format,
    link::{Command, ExportRequest, FileFormat},
    reading::Date,
    ui::{
        controls::{
            dialog::Dialog,
            rest::{later, on_demand},
        },
        piece::{Piece, Pieces, view},
        state::{dialogs::Dialogs, store::Store},
        words::{self, ExportWords},
    },
};

/// The kinds of files, by the names that they go by.
const KINDS: [(FileFormat, &str, &str); 3] = [
    (FileFormat::JsonLines, "JSON Lines", "jsonl"),
    (FileFormat::Csv, "CSV", "csv"),
    (FileFormat::Pcapng, "pcapng", "pcapng"),
];

/// The dialog.
#[component(transparent)]
pub fn ExportDialog(
    /// The query of the list that can be read.
    asked: Memo<String>,
) -> Piece {
    provide_context(Query(asked));
    let open = expect_context::<Dialogs>().export;
    view! {
        <Dialog open=open title=|w| w.rest().shown.export id="export">
            {on_demand(export)}
        </Dialog>
    }
}

/// The query of the list.
#[derive(Clone, Copy)]
struct Query(Memo<String>);

later! {
    /// What is in it.
    fn export() in export { Export }
}

/// A file on its way.
#[derive(Clone, Copy)]
struct Making {
    number: u32,
    /// The ending of its name.
    ending: &'static str,
    looked_at: u64,
    of: u64,
}

/// How the last file ended.
#[derive(Clone, Copy)]
enum Ended {
    /// So many packets were evicted before they were in it.
    Saved(u64),
    /// The browser would not take it.
    Refused,
    Stopped,
}

#[component(transparent)]
fn Export() -> Piece {
    let store = expect_context::<Store>();
    let Query(asked) = expect_context::<Query>();
    let w = move || words::export(store.speech.language.get());
    let filtered = Memo::new(move |_| asked.with(|asked| !asked.trim().is_empty()));
    let only_matches = RwSignal::new(filtered.get_untracked());
    let packets = RwSignal::new(store.chrome.packets.get_untracked());
    let secrets = RwSignal::new(false);
    let making = RwSignal::new(None::<Making>);
    let ended = RwSignal::new(None::<Ended>);
    let file = StoredValue::new_local(None::<Download>);

    let begin = move |format: FileFormat, ending: &'static str| {
        let number = store.next_number();
        file.set_value(Some(Download::default()));
        ended.set(None);
        making.set(Some(Making {
            number,
            ending,
            looked_at: 0,
            of: 0,
        }));
        let only = only_matches.get_untracked() && filtered.get_untracked();
        store.say(Command::Export(Box::new(ExportRequest {
            number,
            format,
            query: if only {
                asked.get_untracked()
            } else {
                String::new()
            },
            packets: packets.get_untracked(),
            secrets: secrets.get_untracked(),
        })));
    };
    let stop = move || {
        if let Some(making) = making.get_untracked() {
            store.say(Command::StopExport(making.number));
        }
        making.set(None);
        file.set_value(None);
    };
    Effect::new(move |_| {
        store.told.chunks_come.track();
        for chunk in store.told.new_chunks() {
            let Some(now) = making
                .get_untracked()
                .filter(|it| it.number == chunk.number)
            else {
                continue;
            };
            let taken = file
                .try_update_value(|file| file.as_mut()?.add(&chunk.bytes))
                .flatten();
            if taken.is_none() {
                stop();
                ended.set(Some(Ended::Refused));
            } else if chunk.last {
                making.set(None);
                let whole = file.try_update_value(Option::take).flatten();
                let saved = whole.and_then(|file| file.save(&name(now.ending)));
                ended.set(Some(match saved {
                    Some(()) => Ended::Saved(chunk.evicted),
                    None => Ended::Refused,
                }));
            } else {
                making.set(Some(Making {
                    looked_at: chunk.looked_at,
                    of: chunk.of,
                    ..now
                }));
            }
        }
    });
    // Closing the dialog gives the file up: nobody sees any more how far it is.
    on_cleanup(move || {
        if let Some(Some(making)) = making.try_get_untracked() {
            let stop = Command::StopExport(making.number);
            Timeout::new(0, move || store.say(stop)).forget();
        }
    });

    let choice = move |value: RwSignal<bool>, name: fn(&ExportWords) -> &'static str| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || value.get()
                    on:input:target=move |event| value.set(event.target().checked())
                />
                <span>{move || name(w())}</span>
            </label>
        }
    };
    let kinds = KINDS
        .into_iter()
        .map(|(format, name, ending)| {
            view! {
                <button
                    type="button"
                    class="button"
                    disabled=move || making.get().is_some()
                    on:click=move |_| begin(format, ending)
                >
                    {name}
                </button>
            }
        })
        .pieces();
    let progress = move || {
        let making = making.get()?;
        let (done, of) = (format::whole(making.looked_at), format::whole(making.of));
        Some((w().progress)(&done, &of))
    };
    let end = move || {
        Some(match ended.get()? {
            Ended::Saved(0) => w().saved.to_owned(),
            Ended::Saved(evicted) => (w().saved_without)(&format::whole(evicted)),
            Ended::Refused => w().refused.to_owned(),
            Ended::Stopped => w().stopped.to_owned(),
        })
    };
    view! {
        <div class="exporting">
            <p class="hint">{move || w().about}</p>
            <div hidden=move || !filtered.get()>{choice(only_matches, |w| w.only_matches)}</div>
            {choice(packets, |w| w.all_packets)}
            {choice(secrets, |w| w.secrets)}
            <p class="hint error" hidden=move || !secrets.get()>{move || w().secrets_hint}</p>
            <div class="line wrap" role="group" aria-label=move || w().kinds>{kinds}</div>
            <p class="hint">{move || w().which}</p>
            <p class="line" hidden=move || making.get().is_none()>
                <span class="grow num" role="status">{progress}</span>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        stop();
                        ended.set(Some(Ended::Stopped));
                    }
                >
                    {move || w().stop}
                </button>
            </p>
            <p class="hint" role="status" hidden=move || ended.get().is_none()>{end}</p>
        </div>
    }
}

/// The name of a file that is made now.
fn name(ending: &str) -> String {
    let seconds = (date::now() / 1000.0) as i64;
    let date = Date::of_day(seconds.div_euclid(86_400));
    let within = seconds.rem_euclid(86_400);
    let (hours, minutes, seconds) = (within / 3600, within / 60 % 60, within % 60);
    format!(
        "midge-{:04}{:02}{:02}-{hours:02}{minutes:02}{seconds:02}Z.{ending}",
        date.year, date.month, date.day
    )
}
