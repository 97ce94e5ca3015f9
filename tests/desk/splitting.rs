//! The columns at the sides stay of use, and leave room for the messages.

use midge::desk::splitting::{LEFT, RIGHT, kept};

#[test]
fn a_width_is_taken_as_far_as_it_fits() {
    assert_eq!(LEFT.fitting(300.4, 1280.0), 300.0);
    assert_eq!(LEFT.fitting(10.0, 1280.0), 180.0);
    assert_eq!(LEFT.fitting(9_000.0, 1280.0), 307.0);
    assert_eq!(RIGHT.fitting(f64::INFINITY, 1280.0), 435.0);
    assert_eq!(RIGHT.fitting(f64::NAN, 1280.0), 380.0);
}

#[test]
fn what_fits_grows_and_shrinks_with_the_page() {
    for (page, left, right) in [
        (700.0, 252.0, 260.0),
        (1_000.0, 280.0, 340.0),
        (1_024.0, 245.0, 348.0),
        (1_280.0, 280.0, 380.0),
        (2_560.0, 280.0, 380.0),
    ] {
        let shown = (
            LEFT.fitting(LEFT.usual, page),
            RIGHT.fitting(RIGHT.usual, page),
        );
        assert_eq!(shown, (left, right), "{page}");
        // The most can be reached, and the messages keep the larger part.
        assert_eq!(LEFT.fitting(9_000.0, page), LEFT.most(page));
        assert!(page <= 1_000.0 || page - LEFT.most(page) - RIGHT.most(page) >= page * 0.4);
    }
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
