//! What keys do in the topic tree.

use midge::{
    desk::{
        climbing::{Step, step},
        walking::Seen,
    },
    link::{Target, Tree, TreeRow},
};

/// Rows by their depth; `+` stands for a folded level with others inside, `-` for an open one.
fn tree(skip: u32, rows: &[(u16, &str)]) -> Tree {
    let row = |(at, (depth, fold)): (u32, &(u16, &str))| TreeRow {
        node: 100 + skip + at,
        depth: *depth,
        branch: !fold.is_empty(),
        open: *fold == "-",
        ..TreeRow::default()
    };
    Tree {
        skip,
        total: 50,
        rows: (0..).zip(rows).map(row).collect(),
        ..Tree::default()
    }
}

const SEEN: Seen = Seen {
    first: 0,
    page: 9,
    total: 50,
};

fn pressed(key: &str, tree: &Tree, node: u32) -> Option<Step> {
    step(key, tree, Some(Target::Topic(node)), None, None, SEEN)
}

/// a, a/b (open), a/b/c, a/d (folded), e.
fn small() -> Tree {
    tree(0, &[(0, "-"), (1, "-"), (2, ""), (1, "+"), (0, "")])
}

#[test]
fn right_opens_then_goes_inside_and_from_a_leaf_on_to_the_messages() {
    let tree = small();
    let fold = Step::Fold {
        node: 103,
        open: true,
    };
    assert_eq!(pressed("ArrowRight", &tree, 103), Some(fold));
    assert_eq!(pressed("ArrowRight", &tree, 101), Some(Step::To(2)));
    assert_eq!(pressed("ArrowRight", &tree, 102), Some(Step::Messages));
    assert_eq!(
        step("ArrowRight", &tree, None, None, None, SEEN),
        Some(Step::Messages)
    );
}

#[test]
fn left_closes_then_goes_to_the_level_above() {
    let tree = small();
    let fold = Step::Fold {
        node: 101,
        open: false,
    };
    assert_eq!(pressed("ArrowLeft", &tree, 101), Some(fold));
    assert_eq!(pressed("ArrowLeft", &tree, 102), Some(Step::To(1)));
    assert_eq!(pressed("ArrowLeft", &tree, 103), Some(Step::To(0)));
    assert_eq!(pressed("ArrowLeft", &tree, 104), None);
}

#[test]
fn the_level_above_may_be_out_of_what_is_here() {
    let tree = tree(20, &[(2, ""), (2, ""), (1, "")]);
    assert_eq!(pressed("ArrowLeft", &tree, 121), Some(Step::To(20)));
}

#[test]
fn other_keys_walk_from_the_chosen_row_also_where_that_is_not_here() {
    let here = small();
    assert_eq!(pressed("ArrowDown", &here, 101), Some(Step::To(2)));
    assert_eq!(pressed("ArrowUp", &here, 101), Some(Step::To(0)));
    assert_eq!(pressed("End", &here, 101), Some(Step::To(49)));
    assert_eq!(pressed("PageDown", &here, 101), Some(Step::To(10)));
    assert_eq!(
        step("ArrowDown", &here, None, None, None, SEEN),
        Some(Step::To(0))
    );
    let far = tree(30, &[(0, ""), (0, "")]);
    let chosen = Some(Target::Topic(105));
    assert_eq!(
        step("ArrowDown", &far, chosen, None, Some(5), SEEN),
        Some(Step::To(6))
    );
    assert_eq!(step("x", &far, chosen, None, Some(5), SEEN), None);
}

#[test]
fn a_key_goes_on_from_where_the_key_before_led_although_that_row_has_not_come() {
    let here = small();
    let chosen = Some(Target::Topic(104));
    let after = |key, ahead| step(key, &here, chosen, Some(ahead), Some(4), SEEN);
    assert_eq!(after("ArrowDown", 5), Some(Step::To(6)));
    assert_eq!(after("ArrowUp", 20), Some(Step::To(19)));
    assert_eq!(after("PageDown", 13), Some(Step::To(22)));
    assert_eq!(after("ArrowDown", 49), Some(Step::To(49)));
}

#[test]
fn enter_does_what_a_press_does() {
    assert_eq!(pressed("Enter", &small(), 103), Some(Step::Act));
    assert_eq!(pressed(" ", &small(), 103), Some(Step::Act));
    assert_eq!(step("Enter", &small(), None, None, None, SEEN), None);
}
