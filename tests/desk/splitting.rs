//! The columns at the sides stay of use, and leave room for the messages.

use midge::desk::splitting::{LEFT, RIGHT, kept};

#[test]
fn a_width_is_taken_as_far_as_it_fits() {
    assert_eq!(LEFT.fitting(300.4, 1280.0, 380.0), 300.0);
    assert_eq!(LEFT.fitting(10.0, 1280.0, 380.0), 180.0);
    assert_eq!(LEFT.fitting(9_000.0, 1280.0, 380.0), 540.0);
    assert_eq!(RIGHT.fitting(f64::INFINITY, 1280.0, 280.0), 640.0);
    assert_eq!(RIGHT.fitting(f64::NAN, 1280.0, 280.0), 380.0);
    // On a page without room for it, it keeps what it needs.
    assert_eq!(RIGHT.fitting(500.0, 640.0, 280.0), 260.0);
}

#[test]
fn keys_move_it_and_others_do_not() {
    let key = |key| RIGHT.by_key(key, 300.0, 640.0, "ArrowLeft", "ArrowRight");
    assert_eq!(key("ArrowLeft"), Some(316.0));
    assert_eq!(key("ArrowRight"), Some(284.0));
    assert_eq!(key("Home"), Some(260.0));
    assert_eq!(key("End"), Some(640.0));
    assert_eq!(key("ArrowUp"), None);
    assert_eq!(key("a"), None);
}

#[test]
fn what_was_kept_is_read_whatever_it_is() {
    assert_eq!(kept("300"), Some(300.0));
    for odd in ["", "-1", "1e9", "99999", "300px", "NaN"] {
        assert_eq!(kept(odd), None, "{odd}");
    }
}
