//! One device: its name, how it is, what it said last, its power and its plug.

use leptos::prelude::*;

use crate::{
    devices::{Order, State, Told},
    reading::Kind,
    ui::{
        controls::name::name,
        panes::devices::{details::Details, said::words, wire::Wire},
        piece::{Piece, view},
        state::store::Store,
    },
};

/// As the page promises it.
fn state_name(state: State) -> &'static str {
    match state {
        State::Off => "off",
        State::Unplugged => "unplugged",
        State::Connecting => "connecting",
        State::Connected => "connected",
        State::TakenOver => "taken-over",
        State::Refused => "refused",
    }
}

/// What it said last, without the beginning that all its topics have.
fn last(told: &Told) -> Option<(String, String)> {
    let last = told.last.as_ref()?;
    let place = last.topic.strip_prefix(&told.base).unwrap_or(&last.topic);
    Some((
        place.trim_start_matches('/').to_owned(),
        last.payload.clone(),
    ))
}

#[component(transparent)]
pub(super) fn Item(
    /// Its number.
    number: u32,
) -> Piece {
    let store = expect_context::<Store>();
    let wire = expect_context::<Wire>();
    let told = Memo::new(move |_| {
        wire.told.with(|all| {
            let mut all = all.iter().flatten();
            all.find(|told| told.number == number).cloned()
        })
    });
    let kind = told.with_untracked(|told| told.as_ref().map(|told| told.kind));
    let Some(kind) = kind else {
        return Piece::Nothing;
    };
    let state =
        Memo::new(move |_| told.with(|told| told.as_ref().map_or(State::Off, |told| told.state)));
    let base = Memo::new(move |_| {
        told.with(|told| {
            told.as_ref()
                .map(|told| told.base.clone())
                .unwrap_or_default()
        })
    });
    let last = Memo::new(move |_| told.with(|told| told.as_ref().and_then(last)));
    let place = move || last.with(|last| last.as_ref().map(|(place, _)| name(place, Kind::Topic)));
    let payload =
        move || last.with(|last| last.as_ref().map(|(_, payload)| name(payload, Kind::Text)));
    let by_hand = told.with_untracked(|told| told.as_ref().is_some_and(|told| told.by_hand));
    // What it has to say for itself, or what pushed it out.
    let complaint = move || {
        told.with(|told| {
            let told = told.as_ref()?;
            match told.state {
                State::TakenOver => Some((words(store).taken_over)(&told.client_id)),
                _ => told.complaint.clone(),
            }
        })
    };
    let is_off = move || !state.get().is_on();
    let is_busy = move || state.get().is_busy();
    let switch_off = move |_| {
        if state.get_untracked().is_on() {
            wire.order(Order::SwitchOff { number });
        }
    };
    let switch_on = move |_| {
        if !state.get_untracked().is_busy() {
            wire.order(Order::SwitchOn { number });
        }
    };
    let unplug = move |_| {
        if state.get_untracked() != State::Unplugged {
            wire.order(Order::Unplug { number });
        }
    };
    let title = format!("device-{number}");
    view! {
        <li class="device" data-device=number.to_string() data-state=move || state_name(state.get()) aria-labelledby=title.clone()>
            <div class="line">
                <i aria-hidden="true"></i>
                <span class="grow" id=title.clone()>
                    <b>{move || (words(store).kind)(kind)}</b>" "
                    <span class="mono wrap quiet">{move || name(&base.get(), Kind::Topic)}</span>
                </span>
                <span class="state quiet" role="status">{move || (words(store).state)(state.get())}</span>
            </div>
            <p class="last mono" hidden=move || last.with(Option::is_none)>
                <span class="quiet">{place}</span>" "
                <span class="payload">{payload}</span>
            </p>
            <p class="hint complaint" hidden=move || complaint().is_none()>
                {move || complaint().map(|words| name(&words, Kind::Text))}
            </p>
            <div class="choices">
                <button
                    type="button"
                    class="button"
                    aria-describedby=title.clone()
                    title=move || words(store).switch_off_hint
                    aria-disabled=move || is_off().to_string()
                    on:click=switch_off
                >
                    {move || words(store).switch_off}
                </button>
                <button
                    type="button"
                    class="button"
                    aria-describedby=title.clone()
                    title=move || words(store).unplug_hint
                    aria-disabled=move || (state.get() == State::Unplugged).to_string()
                    on:click=unplug
                >
                    {move || words(store).unplug}
                </button>
                <button
                    type="button"
                    class="button"
                    aria-describedby=title.clone()
                    aria-disabled=move || is_busy().to_string()
                    on:click=switch_on
                >
                    {move || words(store).switch_on}
                </button>
                <button
                    type="button"
                    class="button"
                    hidden={!by_hand}
                    aria-describedby=title.clone()
                    aria-disabled=move || (!state.get().is_on()).to_string()
                    on:click=move |_| {
                        if state.get_untracked().is_on() {
                            wire.order(Order::ByHand { number });
                        }
                    }
                >
                    {move || (words(store).by_hand)(kind)}
                </button>
            </div>
            <Details number=number told=told />
        </li>
    }
}
