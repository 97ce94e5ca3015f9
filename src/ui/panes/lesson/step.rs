//! One step: its task, what helps with it, and what was seen once it is done.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    browser::focus,
    lessons::{Place, Prepared, Step, StepState},
    link::{Body, Command, Phase, Publication, Target},
    profile::terminal::Port,
    protocol::{PublishProperties, Qos},
    reading::Kind,
    ui::{
        controls::{
            copying::copy,
            going::{Spot, go},
            name::name,
        },
        panes::lesson::{
            course::Course,
            spoken::{said, words},
        },
        piece::{Piece, Pieces, view},
        state::{
            form::{Form, host::HostInfo, told::Told},
            store::Store,
        },
    },
};

/// How long what was asked for is pointed at, in milliseconds.
const POINTED: u32 = 4_000;

/// A step.
#[component(transparent)]
pub fn StepRow(
    /// Its lesson.
    course: Course,
    /// Its number, from 0.
    step: usize,
) -> Piece {
    let state = Memo::new(move |_| course.state_of(step));
    let it = course
        .lesson
        .with_value(|lesson| lesson.steps.get(step).cloned().unwrap_or_default());
    let mark = move || match state.get() {
        StepState::Done => "✓".to_owned(),
        StepState::Now | StepState::Later => (step + 1).to_string(),
    };
    let task = it.task.clone();
    let inside = Piece::Live(Box::new(move || {
        let state = state.get();
        untrack(|| match state {
            StepState::Now => now(course, step, &it),
            StepState::Done => done(course, step, &it),
            StepState::Later => Piece::Nothing,
        })
    }));
    view! {
        <li data-step=(step + 1).to_string() data-state=move || state.get().name() aria-current=move || (state.get() == StepState::Now).then_some("step")>
            <button
                type="button"
                class="task"
                disabled=move || state.get() == StepState::Now
                on:click=move |_| course.go_to(Some(step), None)
            >
                <span class="mark num" aria-hidden="true">{mark}</span>
                <span class="task-words">{said(task)}</span>
            </button>
            {inside}
        </li>
    }
}

/// What helps with the step that is to be done.
fn now(course: Course, step: usize, it: &Step) -> Piece {
    let store = expect_context::<Store>();
    let hint = Memo::new(move |_| course.hint());
    let hint = Piece::Live(Box::new(move || match hint.get() {
        Some(hint) => view! { <p class="remark hinted">{said(hint)}</p> },
        None => Piece::Nothing,
    }));
    let show = it.show.map(|place| {
        view! {
            <button type="button" class="button" on:click=move |_| point_at(store, place)>{move || words(store).show_where}</button>
        }
    });
    let predict = predictions(course, step, it);
    let more = (!it.more.is_empty()).then(|| view! { <p class="more">{said(it.more.clone())}</p> });
    let terminal = (!it.terminal.is_empty()).then(|| terminal(it.terminal.clone()));
    let prepare = (!it.prepare.is_empty()).then(|| prepare(it.prepare.clone()));
    view! {
        <div class="step-body">
            {more}
            {predict}
            {terminal}
            <div role="status" class="told">{hint}</div>
            <div class="line">
                {prepare}
                {show}
                <button type="button" class="link" on:click=move |_| course.go_to(Some(step), None)>{move || words(store).again}</button>
            </div>
        </div>
    }
}

/// What was seen.
fn done(course: Course, step: usize, it: &Step) -> Piece {
    let store = expect_context::<Store>();
    let packet = move || {
        course
            .packets
            .with(|packets| packets.get(step).copied().flatten())
    };
    let look = move |_| {
        if let Some(packet) = packet() {
            store.inspect(Some(Target::Packet(packet)));
            store.chrome.tab.set(crate::ui::state::store::Tab::Packet);
        }
    };
    let answers: Vec<_> = it.predict.iter().map(|(_, comes)| *comes).collect();
    let all = answers.len();
    let predicted = move || {
        let right = course.ticked.with(|ticked| {
            let ticked = ticked.get(step).map(Vec::as_slice).unwrap_or_default();
            ticked
                .iter()
                .zip(&answers)
                .filter(|(said, is)| said == is)
                .count()
        });
        (words(store).predicted)(right, all)
    };
    view! {
        <div class="step-body">
            <p class="seen">
                <span hidden=all == 0>{predicted}" "</span>
                {said(it.seen.clone())}" "
                <button type="button" class="link" hidden=move || packet().is_none() on:click=look>{move || words(store).look}</button>
            </p>
        </div>
    }
}

/// Topics to tick beforehand.
fn predictions(course: Course, step: usize, it: &Step) -> Option<Piece> {
    let store = expect_context::<Store>();
    if it.predict.is_empty() {
        return None;
    }
    let rows = it.predict.iter().enumerate().map(|(at, (topic, _))| {
        let ticked = move || {
            course.ticked.with(|all| {
                all.get(step)
                    .and_then(|of| of.get(at))
                    .copied()
                    .unwrap_or_default()
            })
        };
        let tick = move |event: web_sys::Event| {
            let checked = event_target_checked(&event);
            course.ticked.update(|all| {
                if let Some(slot) = all.get_mut(step).and_then(|of| of.get_mut(at)) {
                    *slot = checked;
                }
            });
        };
        view! {
            <li><label class="check">
                <input type="checkbox" prop:checked=ticked on:change=tick />
                <code>{name(topic, Kind::Topic)}</code>
            </label></li>
        }
    });
    let rows = rows.pieces();
    Some(view! {
        <fieldset class="predict">
            <legend>{move || words(store).predict}</legend>
            <ul>{rows}</ul>
        </fieldset>
    })
}

/// Sends what the step wants to be there.
fn prepare(messages: Vec<Prepared>) -> Piece {
    let store = expect_context::<Store>();
    let count = messages.len();
    let connected = move || {
        store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Connected)
    };
    let sent = RwSignal::new(false);
    let send = move |_| {
        for message in &messages {
            store.say(Command::Publish(Box::new(Publication {
                number: store.next_number(),
                topic: message.topic.clone(),
                payload: Body::Bytes(message.payload.clone().into_bytes()),
                qos: Qos::AtMostOnce,
                retain: message.retain,
                properties: PublishProperties::default(),
            })));
        }
        sent.set(true);
    };
    view! {
        <button type="button" class="button primary" disabled=move || !connected() on:click=send>
            {move || (words(store).send)(count)}
        </button>
        <span class="hint" role="status">
            {move || match (connected(), sent.get()) {
                (false, _) => words(store).connect_first,
                (true, true) => words(store).sent,
                (true, false) => "",
            }}
        </span>
    }
}

/// Lines for a terminal, with the broker's host and port in them.
fn terminal(lines: Vec<String>) -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let text = Memo::new(move |_| {
        let told = Told::of(form, info, false);
        let told = told.as_ref().and_then(|told| told.as_ref().ok());
        let (host, port) = told.map_or(("localhost", 1883), |told| {
            let broker = told.broker();
            let port = match broker.port {
                Port::Known(port) => port,
                Port::Usual => 1883,
                Port::UsualTls => 8883,
            };
            (broker.host, port)
        });
        lines
            .iter()
            .map(|line| {
                line.replace("{host}", host)
                    .replace("{port}", &port.to_string())
            })
            .collect::<Vec<_>>()
            .join("\n")
    });
    let copy = move |_| copy(store, text.get_untracked());
    view! {
        <div class="terminal">
            <div class="line">
                <span class="hint grow">{move || words(store).terminal}</span>
                <button type="button" class="link" on:click=copy>{move || words(store).copy}</button>
            </div>
            <pre class="mono" tabindex="0">{move || text.get()}</pre>
        </div>
    }
}

/// Brings a control to the front, and marks it for a while. It is the learner who uses it.
fn point_at(store: Store, place: Place) {
    let spot = match place {
        Place::Connect => Spot::Connection,
        Place::Subscribe => Spot::Subscriptions,
        Place::Publish => Spot::Publisher,
        Place::Messages => Spot::Messages,
        Place::Topics => Spot::Topics,
        Place::Inspector => Spot::Inspector,
    };
    go(store, spot);
    // It may come to the front in a moment.
    Timeout::new(100, || {
        let Some(shown) = focus::active() else {
            return;
        };
        let _ = shown.class_list().add_1("pointed-at");
        Timeout::new(POINTED, move || {
            let _ = shown.class_list().remove_1("pointed-at");
        })
        .forget();
    })
    .forget();
}
