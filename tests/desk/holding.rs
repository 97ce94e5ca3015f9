//! Where the list of messages stands: following, paused, scrolled down, and what changes under it meanwhile.

use midge::{
    desk::{
        holding::{Ask, Holding, Walker},
        window::{Part, Window},
    },
    link::{List, Row},
};

const ROW: f64 = 20.0;

fn window() -> Window {
    let mut window = Window::new(ROW, 2);
    window.resize(200.0, ROW);
    window
}

/// An answer with the rows of these positions, newest first.
fn list(oldest: u64, end: u64, positions: impl IntoIterator<Item = u64>) -> List {
    let row = |position| Row {
        position,
        seq: 1_000 + position,
        ..Row::default()
    };
    List {
        oldest,
        end,
        complete: true,
        rows: positions.into_iter().map(row).collect(),
        ..List::default()
    }
}

/// Asks as the list does at the top.
fn asked(holding: &Holding, list: &List) -> Ask {
    holding.ask(&window(), 0.0, list)
}

#[test]
fn it_follows_the_newest_until_it_is_asked_to_hold() {
    let mut holding = Holding::default();
    let list = list(0, 500, []);
    assert!(holding.answered(&list));
    assert_eq!(asked(&holding, &list).newest, None);
    assert_eq!(holding.newer(&list), None);
    assert!(!holding.is_paused());
}

#[test]
fn paused_it_stays_where_it_is_and_counts_what_is_newer() {
    let mut holding = Holding::default();
    holding.answered(&list(0, 500, []));
    holding.pause(500);
    let later = list(0, 740, (480..500).rev());
    assert!(holding.answered(&later));
    assert_eq!(asked(&holding, &later).newest, Some(499));
    assert_eq!(holding.newer(&later), Some(240));
    let placed = holding.place(&window(), 0.0, &later);
    assert_eq!((placed.tall, placed.down), (500.0 * ROW, 0.0));
    holding.follow();
    assert_eq!(asked(&holding, &later).newest, None);
    assert!(!holding.is_paused());
}

#[test]
fn scrolled_down_it_holds_and_at_the_top_it_follows_again() {
    let mut holding = Holding::default();
    holding.scrolled(true, 500);
    assert_eq!(holding.held(), Some(500));
    assert!(!holding.is_paused());
    // Further down, with more above: it holds where it held.
    holding.scrolled(true, 600);
    assert_eq!(holding.held(), Some(500));
    holding.scrolled(false, 600);
    assert_eq!(holding.held(), None);
    holding.scrolled(false, 600);
    assert_eq!(holding.held(), None);
}

#[test]
fn what_is_paused_is_not_let_go_by_scrolling() {
    let mut holding = Holding::default();
    holding.pause(500);
    holding.scrolled(true, 600);
    holding.scrolled(false, 700);
    assert_eq!(holding.held(), Some(500));
    assert!(holding.is_paused());
}

#[test]
fn pausing_a_list_that_is_scrolled_down_keeps_it_paused_at_the_top() {
    let mut holding = Holding::default();
    holding.scrolled(true, 500);
    holding.pause(600);
    holding.scrolled(false, 700);
    assert_eq!(holding.held(), Some(600));
}

#[test]
fn keys_hold_a_list_that_follows_and_move_no_other() {
    let mut holding = Holding::default();
    holding.hold_for_keys(500);
    assert!(holding.is_paused());
    holding.hold_for_keys(600);
    assert_eq!(holding.held(), Some(500));
    let mut scrolled = Holding::default();
    scrolled.scrolled(true, 500);
    scrolled.hold_for_keys(600);
    assert_eq!(scrolled.held(), Some(500));
    assert!(!scrolled.is_paused());
}

#[test]
fn another_filter_while_paused_holds_where_its_answer_ends() {
    let mut holding = Holding::default();
    holding.pause(500);
    holding.asked_anew();
    assert!(holding.is_paused());
    assert_eq!(holding.held(), None);
    // The query has not looked at everything yet.
    let partly = List {
        numbering: 1,
        complete: false,
        ..list(0, 12, [])
    };
    assert!(holding.answered(&partly));
    assert_eq!(asked(&holding, &partly).newest, None);
    let whole = List {
        numbering: 1,
        ..list(0, 40, [])
    };
    assert!(holding.answered(&whole));
    assert_eq!(holding.held(), Some(40));
    assert_eq!(holding.newer(&list(0, 55, [])), Some(15));
}

#[test]
fn another_filter_lets_go_of_a_list_that_was_only_scrolled() {
    let mut holding = Holding::default();
    holding.scrolled(true, 500);
    holding.asked_anew();
    assert_eq!(holding, Holding::default());
}

#[test]
fn scrolling_before_the_answer_to_another_filter_holds_at_once() {
    let mut holding = Holding::default();
    holding.pause(500);
    holding.asked_anew();
    holding.scrolled(false, 8);
    assert_eq!(holding.held(), None);
    holding.scrolled(true, 8);
    assert_eq!(holding.held(), Some(8));
    assert!(holding.is_paused());
}

#[test]
fn positions_that_are_counted_anew_are_asked_for_once_more() {
    let anew = List {
        numbering: 7,
        ..list(0, 90, (80..90).rev())
    };
    let mut paused = Holding::default();
    paused.pause(500);
    assert!(!paused.answered(&anew));
    assert_eq!(asked(&paused, &anew).newest, None);
    // The next answer counts as it does, and there it holds again.
    assert!(paused.answered(&anew));
    assert_eq!(paused.held(), Some(90));

    let mut scrolled = Holding::default();
    scrolled.scrolled(true, 500);
    assert!(!scrolled.answered(&anew));
    assert!(scrolled.answered(&anew));
    assert_eq!(scrolled.held(), None);

    let mut following = Holding::default();
    assert!(following.answered(&anew));
    assert_eq!(following.held(), None);
}

#[test]
fn an_empty_list_that_is_held_stays_empty() {
    let mut holding = Holding::default();
    holding.pause(0);
    let later = list(0, 300, (290..300).rev());
    assert!(holding.answered(&later));
    let ask = asked(&holding, &later);
    // No position is older than the first, so that no rows are asked for.
    assert_eq!(ask.part, Part::default());
    assert_eq!(holding.newer(&later), Some(300));
    assert_eq!(holding.place(&window(), 0.0, &later).tall, 0.0);
}

#[test]
fn what_is_evicted_under_a_list_that_holds_still_is_gone_from_it() {
    let mut holding = Holding::default();
    holding.pause(500);
    // All but the newest five of what it shows.
    let partly = list(495, 9_000, (480..500).rev());
    let placed = holding.place(&window(), 0.0, &partly);
    assert_eq!((placed.count, placed.tall), (5, 5.0 * ROW));
    // And then those, too.
    let gone = list(600, 9_500, (480..500).rev());
    assert!(holding.answered(&gone));
    let placed = holding.place(&window(), 0.0, &gone);
    assert_eq!((placed.count, placed.tall, placed.down), (0, 0.0, 0.0));
    assert_eq!(holding.newer(&gone), Some(9_000));
    assert_eq!(holding.ask(&window(), 0.0, &gone).newest, Some(499));
}

#[test]
fn an_answer_that_was_on_its_way_when_it_was_paused_brings_nothing_newer() {
    let mut holding = Holding::default();
    holding.pause(500);
    let late = list(0, 502, (490..502).rev());
    assert!(holding.answered(&late));
    let placed = holding.place(&window(), 0.0, &late);
    assert_eq!((placed.skip, placed.count, placed.down), (2, 10, 0.0));
    assert_eq!(placed.tall, 500.0 * ROW);
    // Nothing of it is that old.
    let newer = list(0, 502, (500..502).rev());
    let placed = holding.place(&window(), 0.0, &newer);
    assert_eq!((placed.skip, placed.count), (2, 0));
    holding.follow();
    let placed = holding.place(&window(), 0.0, &late);
    assert_eq!((placed.skip, placed.count), (0, 12));
}

#[test]
fn rows_stand_below_those_that_are_not_there() {
    let mut holding = Holding::default();
    holding.scrolled(true, 500);
    let rows = list(0, 640, (430..445).rev());
    let placed = holding.place(&window(), 1_200.0, &rows);
    assert_eq!((placed.down, placed.count), (55.0 * ROW, 15));
    holding.follow();
    assert_eq!(holding.place(&window(), 1_200.0, &rows).down, 195.0 * ROW);
}

#[test]
fn a_list_beyond_what_a_browser_can_lay_out_is_held_as_any_other() {
    let mut holding = Holding::default();
    let end = 3_000_000;
    holding.scrolled(true, end);
    let far = 9_000_000.0;
    let empty = list(0, end + 5_000, []);
    let ask = holding.ask(&window(), far, &empty);
    assert_eq!(ask.newest, Some(end - 1));
    let first = end - 1 - ask.part.skip;
    let rows = list(
        0,
        end + 5_000,
        (0..u64::from(ask.part.rows)).map(|at| first - at),
    );
    let placed = holding.place(&window(), far, &rows);
    assert_eq!(placed.tall, 15_000_000.0);
    assert!(
        placed.down <= far && placed.down >= far - 3.0 * ROW,
        "{placed:?}"
    );
}

#[test]
fn keys_lead_from_row_to_row_also_where_none_is_loaded() {
    let mut holding = Holding::default();
    holding.hold_for_keys(100);
    let rows = list(0, 100, [99, 98, 97]);
    let walk = |from, key: &str| holding.walk(key, from, &window(), 0.0, &rows);
    assert_eq!(walk(None, "ArrowDown"), Some(99));
    assert_eq!(walk(Some(99), "ArrowDown"), Some(98));
    assert_eq!(walk(Some(97), "ArrowUp"), Some(98));
    assert_eq!(walk(Some(99), "ArrowUp"), Some(99));
    assert_eq!(walk(Some(97), "ArrowDown"), Some(96));
    assert_eq!(walk(Some(99), "End"), Some(0));
    assert_eq!(walk(Some(0), "Home"), Some(99));
    assert_eq!(walk(Some(99), "a"), None);
    // The oldest ones are gone: the last is another one.
    let later = list(40, 100, [99]);
    assert_eq!(holding.walk("End", None, &window(), 0.0, &later), Some(40));
    let none = List::default();
    let idle = Holding::default();
    assert_eq!(idle.walk("Home", None, &window(), 0.0, &none), None);
}

#[test]
fn rows_are_numbered_from_the_top_of_what_is_held() {
    let mut holding = Holding::default();
    let rows = list(10, 100, [99]);
    assert_eq!(holding.place_of(&rows, 99), (1, 90));
    assert_eq!(holding.place_of(&rows, 10), (90, 90));
    holding.pause(95);
    assert_eq!(holding.place_of(&rows, 94), (1, 85));
}

#[test]
fn a_walk_goes_on_from_the_chosen_message_wherever_that_is() {
    let mut walker = Walker::default();
    let rows = list(0, 100, [99, 98, 97]);
    assert_eq!(walker.place(&rows, None), None);
    assert_eq!(walker.place(&rows, Some(1_098)), Some(98));
    // It was scrolled out of sight.
    walker.seen(&rows, 1_098, 98);
    let far = list(0, 100, [20, 19]);
    assert_eq!(walker.place(&far, Some(1_098)), Some(98));
    assert_eq!(walker.place(&far, Some(1_050)), None);
    // Positions are counted anew.
    let other = List {
        numbering: 1,
        ..far.clone()
    };
    assert_eq!(walker.place(&other, Some(1_098)), None);
    // Several keys at once: the next goes on from where the one before leads to.
    walker.wanted = Some(60);
    assert_eq!(walker.place(&far, Some(1_098)), Some(60));
}

#[test]
fn what_a_key_led_to_is_chosen_once_when_it_comes() {
    let mut walker = Walker::default();
    assert_eq!(walker.arrived(&list(0, 100, [99])), None);
    walker.wanted = Some(60);
    assert_eq!(walker.arrived(&list(0, 100, [99, 98])), None);
    assert_eq!(walker.arrived(&list(0, 100, [61, 60])), Some(1_060));
    assert_eq!(walker.arrived(&list(0, 100, [61, 60])), None);
    // It was evicted on the way.
    walker.wanted = Some(60);
    assert_eq!(walker.arrived(&list(70, 100, [99])), None);
    assert_eq!(walker.wanted, None);
}

#[test]
fn the_row_that_a_key_leads_to_is_brought_into_sight() {
    let mut holding = Holding::default();
    let rows = list(0, 100, (80..100).rev());
    let reveal =
        |holding: &Holding, position, scroll| holding.reveal(&window(), scroll, &rows, position);
    assert_eq!(reveal(&holding, 99, 0.0), None);
    assert_eq!(reveal(&holding, 85, 0.0), Some(100));
    // Held five messages ago, all rows are five places further up.
    holding.pause(95);
    assert_eq!(reveal(&holding, 85, 0.0), None);
    assert_eq!(reveal(&holding, 84, 0.0), Some(20));
}
