//! Makes outputs of what waits in the outbox. The head of the room's `mod.rs` says why these are two types.

use super::outbox::Queued;
use super::state::State;
use super::{Output, Subprotocol};
use crate::protocol::Direction;

/// Makes an [`Output`] of a queued one. Malformed bytes lie in the framer, so `poll` lends those itself.
pub(super) fn lend(state: &State, queued: Queued) -> Output<'_> {
    let address = state.address().unwrap_or_default();
    let subprotocol = state
        .settings
        .as_ref()
        .map_or(Subprotocol::default(), |settings| settings.subprotocol)
        .name();
    match queued {
        Queued::Open { socket } => Output::Open {
            address,
            subprotocol,
            version: state.version(),
            socket,
        },
        Queued::Close {
            socket,
            code,
            reason,
        } => Output::Close {
            socket,
            code,
            reason,
        },
        Queued::Packet {
            start,
            end,
            outline,
            topic: (topic_start, topic_end),
            role,
        } => {
            let bytes = state.outbox.packet(start, end);
            Output::Packet {
                direction: Direction::Outgoing,
                bytes,
                outline,
                topic: if topic_start == topic_end {
                    outline.topic_name(bytes)
                } else {
                    state.outbox.packet(topic_start, topic_end)
                },
                role,
            }
        }
        Queued::Store(change) => Output::Store(change),
        Queued::Malformed(fault) => Output::Malformed { bytes: &[], fault },
        Queued::Event(event) => Output::Event(event),
    }
}
