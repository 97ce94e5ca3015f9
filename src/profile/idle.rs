//! Whether something between page and broker, such as a proxy or a load balancer, probably ended a connection because it
//! was idle. Knows no connection: it compares two numbers.

/// The default keep alive, in seconds. It is below the usual idle limits (50 in HAProxy's examples, 55 at Heroku, 60 in
/// nginx and Amazon's load balancers), with a margin for late timers.
pub const USUAL_KEEP_ALIVE: u16 = 30;

/// Usual idle limits, in seconds.
const USUAL_LIMITS: [u32; 8] = [30, 50, 55, 60, 100, 120, 300, 350];
/// How far from a limit a connection may be ended, in milliseconds.
const NEAR_MS: u32 = 1_500;
/// From this keep alive on, a connection may be idle for longer than some limit.
const LONG: u16 = 50;

/// A connection was lost after being idle for `silence_ms` milliseconds, with this keep alive (0: off). If an idle limit is the
/// likely reason, returns the keep alive in seconds that would have prevented it.
pub fn lower_keep_alive(silence_ms: u32, keep_alive: u16) -> Option<u16> {
    let usual = USUAL_LIMITS
        .iter()
        .any(|limit| silence_ms.abs_diff(limit * 1000) <= NEAR_MS);
    let nearly_all = u64::from(silence_ms) * 10 >= u64::from(keep_alive) * 8 * 1000;
    let quiet = match keep_alive {
        0 => silence_ms >= u32::from(USUAL_KEEP_ALIVE) * 1000,
        LONG.. => nearly_all,
        _ => false,
    };
    // With a margin for late timers.
    let below = u16::try_from(u64::from(silence_ms) * 3 / 5000).unwrap_or(u16::MAX);
    let lower = USUAL_KEEP_ALIVE.min(below.max(1));
    ((usual || quiet) && (keep_alive == 0 || lower < keep_alive)).then_some(lower)
}
