//! What is offered while somebody types.

use midge::desk::offered::{MOST, offered};

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn what_was_typed_before_comes_first_and_then_what_was_seen() {
    let before = texts(&["lab/temp", "hall/light"]);
    let seen = texts(&["hall/temp", "lab/temp", "roof/wind"]);
    assert_eq!(
        offered("", &before, &seen, str::to_lowercase),
        ["lab/temp", "hall/light", "hall/temp", "roof/wind"]
    );
    assert_eq!(
        offered("TEMP", &before, &seen, str::to_lowercase),
        ["lab/temp", "hall/temp"]
    );
    assert_eq!(
        offered("temp hall", &before, &seen, str::to_lowercase),
        ["hall/temp"]
    );
    // What stands there is no offer.
    assert_eq!(
        offered("lab/temp", &before, &seen, str::to_lowercase),
        [""; 0]
    );
    assert_eq!(
        offered("nowhere", &before, &seen, str::to_lowercase),
        [""; 0]
    );
}

#[test]
fn no_more_are_offered_than_one_can_look_over() {
    let many: Vec<_> = (0..1_000).map(|number| format!("t/{number}")).collect();
    assert_eq!(offered("t", &[], &many, str::to_lowercase).len(), MOST);
}
