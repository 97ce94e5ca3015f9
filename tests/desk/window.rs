//! The window on a long list: which rows to have there, and where they belong.

use midge::desk::window::{Part, TALLEST, Window};

const ROW: f64 = 20.0;

/// A window of ten rows, with two to spare on each side.
fn window() -> Window {
    let mut window = Window::new(ROW, 2);
    window.resize(200.0, ROW);
    window
}

#[test]
fn nothing_is_asked_for_through_a_window_without_a_height() {
    assert_eq!(Window::new(ROW, 2).part(0.0, 1_000), Part::default());
    let mut folded = window();
    folded.resize(0.0, ROW);
    assert_eq!(folded.part(4_000.0, 1_000), Part::default());
}

#[test]
fn the_rows_asked_for_cover_what_is_seen_with_some_to_spare() {
    let window = window();
    // The last row may be seen in part.
    assert_eq!(window.part(0.0, 1_000), Part { skip: 0, rows: 13 });
    assert_eq!(window.part(20.0, 1_000), Part { skip: 0, rows: 14 });
    assert_eq!(window.part(1_010.0, 1_000), Part { skip: 48, rows: 15 });
    for scroll in 0..2_000 {
        let scroll = f64::from(scroll) * 9.7;
        let part = window.part(scroll, 1_000);
        let (first, last) = (part.skip as f64, (part.skip + u64::from(part.rows)) as f64);
        assert!(first * ROW <= scroll, "at {scroll}");
        assert!(last * ROW >= scroll + 200.0, "at {scroll}");
    }
}

#[test]
fn a_row_of_no_height_does_not_ask_for_everything() {
    let mut window = window();
    window.resize(200.0, 0.0);
    assert_eq!(window.part(0.0, 1_000), Part { skip: 0, rows: 203 });
    // No screen is that high, but a style sheet may say so.
    window.resize(1e9, 1.0);
    assert_eq!(window.part(0.0, 1_000).rows, u16::MAX);
}

#[test]
fn a_list_that_a_browser_can_lay_out_is_as_tall_as_its_rows() {
    let window = window();
    assert_eq!(window.tall(0), 0.0);
    assert_eq!(window.tall(1_000), 20_000.0);
    assert_eq!(window.down(48, 1_010.0, 1_000), 960.0);
    // Exactly at the limit nothing is scaled yet.
    assert_eq!(window.tall(750_000), TALLEST);
    assert_eq!(window.down(10, 200.0, 750_000), 200.0);
}

#[test]
fn a_taller_list_is_scrolled_from_its_first_row_to_its_last() {
    let window = window();
    let total = 10_000_000;
    assert_eq!(window.tall(total), TALLEST);
    assert_eq!(window.part(0.0, total).skip, 0);
    let bottom = TALLEST - 200.0;
    let part = window.part(bottom, total);
    assert!(part.skip <= total - 10);
    assert!(part.skip + u64::from(part.rows) >= total);
}

#[test]
fn rows_of_a_taller_list_stand_where_it_is_scrolled_to() {
    let window = window();
    let total = 10_000_000;
    for scroll in [0.0, 1.0, 7.0, 4_321.0, 7_500_000.0, TALLEST - 200.0] {
        let part = window.part(scroll, total);
        let top = window.down(part.skip, scroll, total);
        let bottom = top + f64::from(part.rows) * ROW;
        assert!(top <= scroll + 0.01, "{top} at {scroll}");
        assert!(bottom >= scroll + 200.0 - 0.01, "{bottom} at {scroll}");
        // Never so far away that the element would grow.
        assert!(top >= scroll - 3.0 * ROW, "{top} at {scroll}");
    }
}

#[test]
fn a_row_that_is_seen_needs_no_scrolling() {
    let window = window();
    assert_eq!(window.reveal(0, 0.0, 1_000), None);
    assert_eq!(window.reveal(9, 0.0, 1_000), None);
    assert_eq!(window.reveal(10, 0.0, 1_000), Some(20));
    assert_eq!(window.reveal(3, 100.0, 1_000), Some(60));
    assert_eq!(window.reveal(5, 100.0, 1_000), None);
}

#[test]
fn a_row_of_a_taller_list_is_scrolled_to_as_well() {
    let window = window();
    let total = 10_000_000;
    for above in [0, 1, 5_000_000, total - 1] {
        for from in [0.0, 3_000_000.0, TALLEST - 200.0] {
            let there = window.reveal(above, from, total).map_or(from, f64::from);
            let part = window.part(there, total);
            assert!(part.skip <= above, "{above} from {from}");
            assert!(
                above < part.skip + u64::from(part.rows),
                "{above} from {from}"
            );
        }
    }
}
