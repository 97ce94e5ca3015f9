//! What is in front, and what going back closes.

use midge::{
    desk::section::{Section, is_usual},
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
fn going_back_leads_to_the_messages_of_a_connection_or_to_the_form_for_one() {
    for narrow in [true, false] {
        assert!(is_usual(Section::Messages, true, narrow));
        assert!(is_usual(Section::Broker, false, narrow));
        assert!(!is_usual(Section::Broker, true, narrow));
        assert!(!is_usual(Section::Messages, false, narrow));
    }
    // Beside the messages they are no other place.
    for section in [Section::Topics, Section::Publish] {
        assert!(!is_usual(section, true, true));
        assert!(is_usual(section, true, false));
    }
}
