//! What the commands offer for what was typed, and in which order.

use midge::desk::palette::{Fit, Kind, MOST, fit, in_order, moved};

const ENTRIES: [(Kind, &str); 9] = [
    (Kind::Action, "Disconnect"),
    (Kind::Action, "Connect"),
    (Kind::Action, "Show all packets"),
    (Kind::Action, "Publish a message"),
    (Kind::Action, "Pause the list"),
    (Kind::Connection, "Class 3B"),
    (Kind::Connection, "Connected lab"),
    (Kind::Topic, "sensors/lab/temp"),
    (Kind::Topic, "class/lab/Humidity"),
];

fn names(typed: &str) -> Vec<&'static str> {
    in_order(ENTRIES, typed)
        .into_iter()
        .map(|at| ENTRIES[at].1)
        .collect()
}

#[test]
fn nothing_typed_lists_all_actions_first_and_as_they_stand() {
    assert_eq!(names("").len(), ENTRIES.len());
    assert_eq!(names("  ")[..2], ["Disconnect", "Connect"]);
    assert_eq!(names("").last(), Some(&"class/lab/Humidity"));
}

#[test]
fn what_is_typed_in_full_comes_first_then_what_begins_with_it() {
    assert_eq!(names("connect"), ["Connect", "Connected lab", "Disconnect"]);
    assert_eq!(names("CONNECT")[0], "Connect");
}

#[test]
fn a_level_or_a_word_is_found_by_its_beginning_before_what_is_inside() {
    assert_eq!(
        names("lab"),
        ["Connected lab", "sensors/lab/temp", "class/lab/Humidity"]
    );
    assert_eq!(names("humid"), ["class/lab/Humidity"]);
    assert_eq!(fit("sensors/lab", "lab"), Some(Fit::Word));
    assert_eq!(fit("sensors/collab", "lab"), Some(Fit::Inside));
    // The second place is the better one.
    assert_eq!(fit("collab/lab", "lab"), Some(Fit::Word));
}

#[test]
fn every_word_has_to_be_there_in_any_order() {
    assert_eq!(names("message pub"), ["Publish a message"]);
    assert_eq!(names("lab temp"), ["sensors/lab/temp"]);
    assert_eq!(names("temp nowhere"), [""; 0]);
}

#[test]
fn first_letters_find_words_but_come_last() {
    assert_eq!(fit("Show all packets", "sap"), Some(Fit::Initials));
    assert_eq!(fit("Show all packets", "sp"), Some(Fit::Initials));
    assert_eq!(fit("Show all packets", "ps"), None);
    assert_eq!(fit("Show all packets", "p"), Some(Fit::Word));
    assert_eq!(names("sap"), ["Show all packets"]);
}

#[test]
fn actions_come_before_connections_and_topics_that_fit_alike() {
    let entries = [
        (Kind::Topic, "lab"),
        (Kind::Connection, "lab"),
        (Kind::Action, "Lab"),
    ];
    assert_eq!(in_order(entries, "lab"), [2, 1, 0]);
}

#[test]
fn other_scripts_and_odd_letters_are_found_too() {
    assert_eq!(fit("訂閱主題", "主題"), Some(Fit::Inside));
    assert_eq!(fit("發布訊息", "發布"), Some(Fit::Beginning));
    assert_eq!(fit("Straße/Ärger", "ÄRGER"), Some(Fit::Word));
    // Lower case can be longer than what it is of.
    assert_eq!(fit("İstanbul", "i"), Some(Fit::Beginning));
    assert_eq!(fit("", "x"), None);
}

#[test]
fn no_more_are_listed_than_can_be_read() {
    let many = vec![(Kind::Topic, "lab"); MOST + 10];
    assert_eq!(in_order(many, "lab").len(), MOST);
}

#[test]
fn keys_go_round_and_pages_stop_at_the_ends() {
    assert_eq!(moved("ArrowDown", 0, 3), Some(1));
    assert_eq!(moved("ArrowDown", 2, 3), Some(0));
    assert_eq!(moved("ArrowUp", 0, 3), Some(2));
    assert_eq!(moved("PageDown", 1, 30), Some(9));
    assert_eq!(moved("PageDown", 28, 30), Some(29));
    assert_eq!(moved("PageUp", 4, 30), Some(0));
    assert_eq!(moved("ArrowDown", 0, 0), None);
    // There were more of them before the last letter.
    assert_eq!(moved("ArrowUp", 9, 3), Some(2));
    assert_eq!(moved("a", 0, 3), None);
}
