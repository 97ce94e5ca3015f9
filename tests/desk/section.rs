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
        let after = |section: Section| section.after(before, Phase::Connected, Section::Messages);
        assert_eq!(after(Section::Broker), Section::Messages);
        // Who is elsewhere already is not led away.
        for section in [Section::Messages, Section::Topics, Section::Publish] {
            assert_eq!(after(section), section);
        }
    }
}

#[test]
fn a_new_connection_shows_where_one_was_at_work_last() {
    for name in ["topics", "publish", "messages"] {
        let last = Section::at_work(name);
        assert_eq!(last.name(), name);
        let after = Section::Broker.after(Phase::Connecting, Phase::Connected, last);
        assert_eq!(after, last);
    }
    // What is stored may be anything; the broker itself is no place to work.
    for name in ["broker", "", "elsewhere"] {
        assert_eq!(Section::at_work(name), Section::Messages);
    }
}

#[test]
fn an_end_that_no_retry_cures_shows_the_broker() {
    for section in ALL {
        for end in [Phase::Failed, Phase::Disconnected] {
            assert_eq!(
                section.after(Phase::Connected, end, Section::Topics),
                Section::Broker
            );
        }
        // A retry may cure this one.
        assert_eq!(
            section.after(Phase::Connected, Phase::Waiting, Section::Topics),
            section
        );
        assert_eq!(
            section.after(Phase::Waiting, Phase::Connecting, Section::Topics),
            section
        );
    }
}

#[test]
fn nothing_comes_to_the_front_while_nothing_happens() {
    for phase in [Phase::Failed, Phase::Disconnected, Phase::Connected] {
        for section in ALL {
            assert_eq!(section.after(phase, phase, Section::Topics), section);
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
