//! The page's line to the devices, which is one like those to the broker: orders go, and how they are comes back.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{
        broker_lines,
        message_port::{Line, LineEvent},
    },
    devices::{Order, Question, Refused, Report, Told, decode, encode},
    link::{Phase, TAB},
    ui::state::store::Store,
};

/// Whether the page is connected to the broker that they live beside.
pub(super) fn is_here() -> Memo<bool> {
    let store = expect_context::<Store>();
    Memo::new(move |_| {
        store
            .told
            .connection
            .with(|connection| connection.phase == Phase::Connected && connection.address == TAB)
    })
}

/// The line, and what came over it. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Wire {
    /// How all of them are. `None`: nothing was told yet.
    pub told: RwSignal<Option<Vec<Told>>>,
    /// Nothing will be told any more.
    pub lost: RwSignal<bool>,
    /// Why the latest order was not followed.
    pub refused: RwSignal<Option<Refused>>,
    line: StoredValue<Option<Line>, LocalStorage>,
    ticket: StoredValue<u32>,
}

impl Wire {
    /// Begins one, which starts the devices if nobody has. It ends with its owner.
    pub fn begin() -> Self {
        let wire = Self {
            told: RwSignal::new(None),
            lost: RwSignal::new(false),
            refused: RwSignal::new(None),
            line: StoredValue::new_local(None),
            ticket: StoredValue::new(0),
        };
        match Line::begin(move |event| wire.hear(event)) {
            Some((line, port)) => {
                wire.line.set_value(Some(line));
                spawn_local(async move {
                    if !broker_lines::devices(port).await {
                        wire.lost.try_set(true);
                    }
                });
            }
            None => wire.lost.set(true),
        }
        wire
    }

    /// Asks for something.
    pub fn order(self, order: Order) {
        let ticket = self.ticket.get_value().wrapping_add(1);
        self.ticket.set_value(ticket);
        self.refused.set(None);
        self.line.with_value(|line| {
            if let Some(line) = line {
                line.send(&encode(&Question { ticket, order }));
            }
        });
    }

    /// What comes may come after its owner has gone.
    fn hear(self, event: LineEvent) {
        match event {
            LineEvent::Opened | LineEvent::Taken(_) => {}
            LineEvent::Bytes(bytes) => match decode(&bytes.to_vec()) {
                Some(Report::Told(told)) => {
                    self.told.try_set(Some(told));
                }
                Some(Report::Refused { ticket, why }) => {
                    // The user asked for something else since.
                    if self.ticket.try_get_value() == Some(ticket) {
                        self.refused.try_set(Some(why));
                    }
                }
                // It was not written by this version.
                None => {
                    self.lost.try_set(true);
                }
            },
            LineEvent::Closed { .. } => {
                self.lost.try_set(true);
            }
        }
    }
}
