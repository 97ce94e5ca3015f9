//! Which row a key leads to.

use midge::desk::{
    walking::{Seen, walked},
    window::Window,
};

const SEEN: Seen = Seen {
    first: 40,
    page: 9,
    total: 1_000,
};

#[test]
fn arrows_go_one_row_and_pages_what_is_seen() {
    assert_eq!(walked("ArrowDown", Some(41), SEEN), Some(42));
    assert_eq!(walked("ArrowUp", Some(41), SEEN), Some(40));
    assert_eq!(walked("PageDown", Some(41), SEEN), Some(50));
    assert_eq!(walked("PageUp", Some(41), SEEN), Some(32));
}

#[test]
fn home_and_end_reach_the_ends_from_anywhere() {
    for at in [None, Some(0), Some(41), Some(999)] {
        assert_eq!(walked("Home", at, SEEN), Some(0));
        assert_eq!(walked("End", at, SEEN), Some(999));
    }
}

#[test]
fn the_ends_are_not_left() {
    assert_eq!(walked("ArrowUp", Some(0), SEEN), Some(0));
    assert_eq!(walked("PageUp", Some(3), SEEN), Some(0));
    assert_eq!(walked("ArrowDown", Some(999), SEEN), Some(999));
    assert_eq!(walked("PageDown", Some(995), SEEN), Some(999));
    // The row is gone with others that were below it.
    assert_eq!(walked("ArrowDown", Some(5_000), SEEN), Some(999));
}

#[test]
fn the_first_key_leads_to_what_is_seen() {
    for key in ["ArrowDown", "ArrowUp", "PageDown", "PageUp"] {
        assert_eq!(walked(key, None, SEEN), Some(40), "{key}");
    }
}

#[test]
fn in_an_empty_list_and_by_other_keys_nothing_is_walked() {
    let empty = Seen { total: 0, ..SEEN };
    assert_eq!(walked("ArrowDown", None, empty), None);
    assert_eq!(walked("Home", Some(3), empty), None);
    assert_eq!(walked("a", Some(3), SEEN), None);
}

#[test]
fn what_is_seen_is_told_by_the_window() {
    let mut window = Window::new(20.0, 4);
    window.resize(210.0, 20.0);
    let seen = |scroll, total| window.seen(scroll, total);
    assert_eq!(
        seen(0.0, 1_000),
        Seen {
            first: 0,
            page: 9,
            total: 1_000
        }
    );
    // Half of the first row is above.
    assert_eq!(seen(30.0, 1_000).first, 2);
    assert_eq!(seen(40.0, 1_000).first, 2);
    // A list that is taller than a browser can lay out.
    let many = 10_000_000;
    let scale = (many as f64 * 20.0 - 210.0) / (15_000_000.0 - 210.0);
    assert_eq!(
        seen(7_500_000.0, many).first,
        (7_500_000.0 * scale / 20.0).ceil() as u64
    );
    // A page leads somewhere, however low the window.
    window.resize(10.0, 20.0);
    assert_eq!(window.seen(0.0, 5).page, 1);
}
