//! What going back closes, and when it asks.

use midge::desk::steps::{Layer, Meant, Move, Shown, Steps};
use proptest::prelude::*;

const CONNECTED: Shown = Shown {
    section: false,
    inspector: false,
    dialog: false,
    connected: true,
};

fn closes(layers: &[Layer]) -> Meant {
    Meant {
        close: layers.to_vec(),
        ask: false,
    }
}

#[test]
fn going_back_closes_what_was_opened_last_and_then_asks() {
    let mut steps = Steps::default();
    steps.show(CONNECTED);
    assert_eq!(steps.settle(), Move::Push { from: 1, to: 1 });
    steps.show(Shown {
        inspector: true,
        ..CONNECTED
    });
    assert_eq!(steps.settle(), Move::Push { from: 2, to: 2 });
    steps.show(Shown {
        inspector: true,
        section: true,
        ..CONNECTED
    });
    assert_eq!(steps.settle(), Move::Push { from: 3, to: 3 });
    assert_eq!(steps.arrive(2), closes(&[Layer::Section]));
    assert_eq!(steps.settle(), Move::Stay);
    assert_eq!(steps.arrive(1), closes(&[Layer::Inspector]));
    assert_eq!(steps.settle(), Move::Stay);
    assert_eq!(
        steps.arrive(0),
        Meant {
            close: vec![],
            ask: true
        }
    );
    // The question is a step in its turn, and the connection has its own again.
    steps.show(Shown {
        dialog: true,
        ..CONNECTED
    });
    assert_eq!(steps.settle(), Move::Push { from: 1, to: 2 });
}

#[test]
fn without_a_connection_nothing_is_asked() {
    let mut steps = Steps::default();
    steps.show(Shown {
        dialog: true,
        ..Shown::default()
    });
    assert_eq!(steps.settle(), Move::Push { from: 1, to: 1 });
    assert_eq!(steps.arrive(0), closes(&[Layer::Dialog]));
}

#[test]
fn what_is_closed_on_the_page_takes_its_step_back() {
    let mut steps = Steps::default();
    steps.show(Shown {
        inspector: true,
        ..CONNECTED
    });
    steps.settle();
    steps.show(CONNECTED);
    assert_eq!(steps.settle(), Move::Back(1));
    // Meanwhile something else is opened: that waits until the step is taken.
    steps.show(Shown {
        dialog: true,
        ..CONNECTED
    });
    assert_eq!(steps.settle(), Move::Stay);
    assert_eq!(steps.arrive(1), Meant::default());
    assert_eq!(steps.settle(), Move::Push { from: 2, to: 2 });
    // One after the other in one turn is no step at all.
    steps.show(Shown {
        inspector: true,
        ..CONNECTED
    });
    assert_eq!(steps.settle(), Move::Stay);
}

#[test]
fn several_steps_at_once_close_all_that_lies_above() {
    let mut steps = Steps::default();
    steps.show(Shown {
        inspector: true,
        dialog: true,
        ..CONNECTED
    });
    assert_eq!(steps.settle(), Move::Push { from: 1, to: 3 });
    let meant = steps.arrive(0);
    assert_eq!(meant.close, [Layer::Dialog, Layer::Inspector]);
    assert!(meant.ask);
}

#[test]
fn a_step_forward_leads_to_nothing_and_is_taken_back() {
    let mut steps = Steps::default();
    steps.show(Shown {
        inspector: true,
        ..CONNECTED
    });
    steps.settle();
    steps.arrive(1);
    steps.show(CONNECTED);
    assert_eq!(steps.settle(), Move::Stay);
    assert_eq!(steps.arrive(2), Meant::default());
    assert_eq!(steps.settle(), Move::Back(1));
}

#[test]
fn a_new_address_and_a_reload_begin_anew() {
    let mut steps = Steps::default();
    steps.show(CONNECTED);
    steps.settle();
    steps.begin_anew();
    assert_eq!(steps.settle(), Move::Push { from: 1, to: 1 });
    let mut steps = Steps::begin(2);
    steps.show(CONNECTED);
    assert_eq!(steps.settle(), Move::Back(1));
    assert_eq!(steps.arrive(1), Meant::default());
    assert_eq!(steps.settle(), Move::Stay);
}

proptest! {
    /// Whatever is opened, closed and stepped: in the end there is a step for each thing that is open, and with a
    /// connection never none without a question.
    #[test]
    fn the_steps_follow_what_is_open(actions in prop::collection::vec((0u8..6, any::<bool>()), 0..60)) {
        let mut steps = Steps::default();
        let mut shown = Shown::default();
        let mut history = 0u32;
        for (action, on) in actions {
            match action {
                0 => shown.section = on,
                1 => shown.inspector = on,
                2 => shown.dialog = on,
                3 => shown.connected = on,
                _ if history > 0 => {
                    history -= 1;
                    let meant = steps.arrive(history);
                    for layer in meant.close {
                        match layer {
                            Layer::Section => shown.section = false,
                            Layer::Inspector => shown.inspector = false,
                            Layer::Dialog => shown.dialog = false,
                        }
                    }
                    if history == 0 && shown.connected {
                        prop_assert!(meant.ask);
                        shown.dialog = true;
                    }
                }
                _ => {}
            }
            steps.show(shown);
            loop {
                match steps.settle() {
                    Move::Stay => break,
                    Move::Push { from, to } => {
                        prop_assert_eq!(from, history + 1);
                        history = to;
                    }
                    Move::Back(count) => {
                        history -= count;
                        prop_assert_eq!(steps.arrive(history), Meant::default());
                    }
                }
            }
            let open = [shown.section, shown.inspector, shown.dialog, shown.connected];
            prop_assert_eq!(history as usize, open.iter().filter(|open| **open).count());
        }
    }
}
