//! Why a line is closed, as a WebSocket close code and words: what the companion says of the same endings.

use midge_broker_core::{Ending, Why};

/// Everything was said before.
const NORMAL: u16 = 1000;
/// The broker goes away.
const GOING_AWAY: u16 = 1001;
/// The client broke a rule.
const POLICY: u16 = 1008;
/// Another client has the client identifier now: the reason code of MQTT 5, plus 4000.
const SESSION_TAKEN_OVER: u16 = 4142;

/// Close code and words for the other end.
pub fn close(ending: Ending) -> (u16, &'static str) {
    match ending {
        Ending::Client(_) | Ending::Lost | Ending::Broker(_, Why::Access) => (NORMAL, ""),
        Ending::Broker(_, Why::TakenOver) => (SESSION_TAKEN_OVER, "session taken over"),
        Ending::Broker(_, why @ Why::Shutdown) => (GOING_AWAY, why.words()),
        Ending::Broker(_, why) => (POLICY, why.words()),
    }
}
