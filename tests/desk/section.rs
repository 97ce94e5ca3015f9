//! What is in front, and what going back closes.

use midge::{
    desk::section::{Opened, Section, Step},
    link::Phase,
};

const ALL: [Section; 4] = [
    Section::Messages,
    Section::Topics,
    Section::Publish,
    Section::Broker,
];

#[test]
fn a_new_connection_shows_the_messages_to_whoever_waits_for_it() {
    for before in [Phase::Connecting, Phase::Waiting] {
        let after = |section: Section| section.after(before, Phase::Connected);
        assert_eq!(after(Section::Broker), Section::Messages);
        // Who is elsewhere already is not led away.
        for section in [Section::Messages, Section::Topics, Section::Publish] {
            assert_eq!(after(section), section);
        }
    }
}

#[test]
fn an_end_that_no_retry_cures_shows_the_broker() {
    for section in ALL {
        for end in [Phase::Failed, Phase::Disconnected] {
            assert_eq!(section.after(Phase::Connected, end), Section::Broker);
        }
        // A retry may cure this one.
        assert_eq!(section.after(Phase::Connected, Phase::Waiting), section);
        assert_eq!(section.after(Phase::Waiting, Phase::Connecting), section);
    }
}

#[test]
fn nothing_comes_to_the_front_while_nothing_happens() {
    for phase in [Phase::Failed, Phase::Disconnected, Phase::Connected] {
        for section in ALL {
            assert_eq!(section.after(phase, phase), section);
        }
    }
}

#[test]
fn an_inspector_that_covers_the_page_is_one_step_in_the_history() {
    let mut opened = Opened::default();
    assert_eq!(opened.look(true, true), Step::Forward);
    // Another message is no further step.
    assert_eq!(opened.look(true, true), Step::Stay);
    assert_eq!(opened.look(false, true), Step::Back);
    // The step was taken back by the page itself.
    assert!(!opened.went_back());
}

#[test]
fn going_back_closes_it_once() {
    let mut opened = Opened::default();
    opened.look(true, true);
    assert!(opened.went_back());
    assert!(!opened.went_back());
    assert_eq!(opened.look(false, true), Step::Stay);
}

#[test]
fn beside_the_page_it_is_no_step() {
    let mut opened = Opened::default();
    assert_eq!(opened.look(true, false), Step::Stay);
    assert!(!opened.went_back());
    assert_eq!(opened.look(false, false), Step::Stay);
    // A page that was made wide meanwhile still takes its step back.
    opened.look(true, true);
    assert_eq!(opened.look(false, false), Step::Back);
}
