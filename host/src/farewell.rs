//! Why a conversation ended, and what is said of it: at the terminal, in a last packet, in the close frame.

use midge::protocol::Version;
use midge_broker::{Ending, Why};

use crate::refusal::{self, Refusal};
use crate::websocket;

const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const PROTOCOL_ERROR: u16 = 1002;
const UNSUPPORTED_DATA: u16 = 1003;
const POLICY: u16 = 1008;
const TRY_AGAIN_LATER: u16 = 1013;
/// Of the range for private use (RFC 6455 section 7.4.2). The page knows it: MQTT 3.1.1 has no
/// packet to say that another client came with the same client identifier. 0x8E is MQTT 5's code.
const SESSION_TAKEN_OVER: u16 = 4142;

/// Why a conversation ended.
pub enum End {
    /// The client closed.
    Client,
    /// The client does not read, or its connection broke.
    Lost,
    /// The client sent text, which MQTT forbids [MQTT-6.0.0-1].
    Text,
    /// The client broke the rules of WebSocket.
    Frames,
    /// The fronts refused it.
    Refused(Refusal),
    /// The broker ended it, or had nothing more to say.
    Broker(Ending),
    /// The program stops.
    Stopping,
}

impl End {
    /// What is to be said at the terminal.
    pub fn complaint(&self) -> Option<&'static str> {
        match self {
            End::Refused(refusal) => Some(refusal.words()),
            End::Broker(ending) => refusal::words(*ending),
            _ => None,
        }
    }

    /// The front's own last packet. The broker says its own.
    pub fn last_packet(&self, version: Option<Version>) -> Option<Vec<u8>> {
        match self {
            End::Refused(refusal) => refusal
                .connack(version)
                .or_else(|| refusal.disconnect(version)),
            _ => None,
        }
    }

    /// The code and the words of the close frame.
    pub fn close_frame(&self) -> Vec<u8> {
        let (code, reason) = match self {
            End::Text => (UNSUPPORTED_DATA, "MQTT is sent in binary frames"),
            End::Frames => (PROTOCOL_ERROR, ""),
            End::Refused(Refusal::Unavailable) => (TRY_AGAIN_LATER, "the broker cannot be reached"),
            End::Refused(refusal) => (POLICY, refusal.words()),
            End::Broker(Ending::Broker(_, Why::TakenOver)) => {
                (SESSION_TAKEN_OVER, "session taken over")
            }
            End::Broker(Ending::Broker(_, Why::Shutdown)) | End::Stopping => {
                (GOING_AWAY, "midge stops")
            }
            // CONNACK says it.
            End::Broker(Ending::Broker(_, Why::Access)) => (NORMAL, ""),
            End::Broker(ending) => match refusal::words(*ending) {
                Some(words) => (POLICY, words),
                None => (NORMAL, ""),
            },
            End::Client | End::Lost => (NORMAL, ""),
        };
        websocket::close(code, reason)
    }
}
