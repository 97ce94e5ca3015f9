//! What was typed into the publisher, as a command for a terminal.

use leptos::prelude::*;

use crate::{
    desk::typed::properties,
    link::Body,
    profile::{
        drafts::Format,
        terminal::{Line, Message, NoLine, Payload, publish},
    },
    protocol::check_topic_name,
    ui::{
        controls::{
            command_line::CommandLine,
            rest::{later, on_demand},
        },
        panes::publisher::typed::Typed,
        piece::{Piece, shown_when, view},
        state::form::{Form, host::HostInfo, told::Told},
    },
};

/// The place of the line: there is one as soon as there is a topic.
#[component(transparent)]
pub fn PublishLine(
    /// What was typed.
    typed: Typed,
) -> Piece {
    provide_context(What(typed));
    let begun = Memo::new(move |before: Option<&bool>| {
        let any = typed.topic.with(|topic| !topic.is_empty());
        any || before.is_some_and(|before| *before)
    });
    shown_when(move || begun.get(), move || on_demand(line))
}

/// What was typed, for the line, which is loaded later.
#[derive(Clone, Copy)]
struct What(Typed);

later! {
    /// The same message in a terminal.
    fn line() in terminal { MessageLine }
}

#[component(transparent)]
fn MessageLine() -> Piece {
    let What(typed) = expect_context::<What>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let line = Memo::new(move |_| {
        let topic = typed.topic.get();
        // What the page would not send has no line either, and its own words.
        check_topic_name(&topic).ok()?;
        let body = body(typed)?;
        let properties = properties::read(&typed.properties.draft()).ok()?;
        let file = typed.file.with(|file| Some(file.as_ref()?.0.clone()));
        let file = file.unwrap_or_default();
        let payload = match &body {
            Held::Bytes(bytes) => Payload::Bytes(bytes),
            Held::Template => Payload::Template,
            Held::TooLong => return Some(Err(NoLine::TooLong)),
            Held::File { empty } => Payload::File(&file, *empty),
        };
        let message = Message {
            topic: &topic,
            payload,
            qos: typed.qos.get(),
            retain: typed.retain.get(),
            payload_is_text: properties.payload_is_text,
            message_expiry: properties.message_expiry,
            content_type: properties.content_type.as_deref(),
            response_topic: properties.response_topic.as_deref(),
            correlation_data: properties.correlation_data.as_deref(),
            user_properties: &properties.user_properties,
        };
        let told = Told::of(form, info, false)?;
        let line: Result<Line, NoLine> = told.and_then(|told| publish(&told.broker(), &message));
        Some(line)
    });
    view! { <CommandLine line=line label=|w| w.rest().terminal /> }
}

/// Characters that are read at the most: with each letter that is typed, the command is made anew.
const MOST_TYPED: usize = 64 * 1024;

/// What goes out.
enum Held {
    TooLong,
    Bytes(Vec<u8>),
    Template,
    File { empty: bool },
}

fn body(typed: Typed) -> Option<Held> {
    if typed.format.get() == Format::File {
        // Without its bytes, of which there may be many.
        let empty = typed.file.with(|file| Some(file.as_ref()?.1.is_empty()))?;
        return Some(Held::File { empty });
    }
    if typed.payload.with(String::len) > MOST_TYPED {
        return Some(Held::TooLong);
    }
    let body = typed.with_payload(|payload| payload.body());
    Some(match body.ok()? {
        Body::Bytes(bytes) => Held::Bytes(bytes),
        Body::Template(_) => Held::Template,
    })
}
