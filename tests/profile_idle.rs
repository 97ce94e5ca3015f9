//! What the silence before a loss says.

use midge::profile::{USUAL_KEEP_ALIVE, lower_keep_alive};

/// nginx and Amazon's balancers 60 s, Heroku 55, HAProxy's examples 50; and the limits of others.
#[test]
fn a_loss_at_a_usual_limit_is_put_down_to_it() {
    for keep_alive in [0, 60, 90, 1200, u16::MAX] {
        for limit in [50_000, 50_900, 54_500, 55_000, 60_000, 61_000] {
            if limit / 1000 < u32::from(keep_alive) || keep_alive == 0 {
                assert_eq!(lower_keep_alive(limit, keep_alive), Some(30), "{limit}");
            }
        }
    }
    // Whoever has no name for the limit is still told, where nearly all of a long keep alive was quiet.
    assert_eq!(lower_keep_alive(75_000, 90), Some(30));
    assert_eq!(lower_keep_alive(40_000, 0), Some(24));
    assert_eq!(lower_keep_alive(30_000, 60), Some(18), "a limit of 30 s");
}

#[test]
fn a_loss_in_the_middle_of_talking_says_nothing() {
    for silence in [0, 3, 900, 12_000, 20_000, 40_000] {
        assert_eq!(lower_keep_alive(silence, 60), None, "{silence}");
    }
    assert_eq!(lower_keep_alive(29_000, 0), Some(17), "near 30 s");
    assert_eq!(lower_keep_alive(10_000, 0), None);
    assert_eq!(lower_keep_alive(65_000, 100), None);
    assert_eq!(lower_keep_alive(29_000, 14), None, "it is lower already");
}

/// What a new connection asks for is quiet for less than any of them allows, also when a timer is late.
#[test]
fn the_usual_keep_alive_is_below_the_usual_limits() {
    for limit in [50, 55, 60] {
        assert!(USUAL_KEEP_ALIVE + 5 <= limit, "{limit}");
    }
}
