//! What the silence before a loss says: whether something between page and broker ends connections that are quiet, as
//! proxies and balancers do. Knows no connection: it weighs two numbers.

/// The keep alive of a new connection, in seconds: below the limits that are usual for quiet connections (HAProxy's examples
/// have 50, Heroku 55, nginx and Amazon's balancers 60), with room for timers that are late.
pub const USUAL_KEEP_ALIVE: u16 = 30;

/// Limits that are usual, in seconds.
const USUAL_LIMITS: [u32; 8] = [30, 50, 55, 60, 100, 120, 300, 350];
/// How far from its limit a connection is ended, in milliseconds.
const NEAR_MS: u32 = 1_500;
/// Keep alives from here on let a connection be quiet for longer than some limit allows.
const LONG: u16 = 50;

/// A connection was lost after so many milliseconds in which nothing went either way, with this keep alive (0: off). The
/// keep alive that would have helped, in seconds, where a limit for quiet connections is likely.
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
    // With room for a timer that is late.
    let below = u16::try_from(u64::from(silence_ms) * 3 / 5000).unwrap_or(u16::MAX);
    let lower = USUAL_KEEP_ALIVE.min(below.max(1));
    ((usual || quiet) && (keep_alive == 0 || lower < keep_alive)).then_some(lower)
}
