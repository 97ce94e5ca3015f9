//! A message that is held back because the broker closes over it, in storage: what the next page finds.

use midge::protocol::{Qos, Version};
use midge::session::{Event, Input};

use crate::tab::*;

/// The broker closes the connection over what it has just been sent, and the next try comes.
fn closes(tab: &mut Tab) {
    tab.closed();
    tab.retry();
    tab.run();
}

/// Sent three times, and closed over each time.
fn held(version: Version, qos: Qos) -> Tab {
    let mut tab = Tab::connected(keeping(version));
    tab.broker.silent = true;
    tab.pass(20);
    tab.publish(7, qos);
    tab.run();
    for _ in 0..3 {
        assert_eq!(tab.session.held_back().count(), 0);
        closes(&mut tab);
    }
    assert!(events(&tab.seen()).contains(&Event::HeldBack { number: 7 }));
    assert_eq!(tab.session.held_back().count(), 1);
    tab.broker.speak();
    tab.broker.says.clear();
    tab
}

/// MQTT 3.1.1 [MQTT-4.1.0-1]
/// MQTT 5 [MQTT-4.1.0-1]
#[test]
fn what_is_held_back_is_still_in_storage_and_taken_up_by_the_next_page() {
    for version in VERSIONS {
        for qos in [Qos::AtLeastOnce, Qos::ExactlyOnce] {
            let mut tab = held(version, qos);
            tab.publish(8, Qos::AtLeastOnce);
            tab.run();
            assert!(events(&tab.seen()).contains(&Event::Published { number: 8 }));
            tab.crash();
            tab.connect();
            let restored = Event::Restored {
                publications: vec![0x8000_0000],
                damaged: 0,
            };
            assert!(events(&tab.seen()).contains(&restored), "{version}");
            // Sent again as a repeat, with its own identifier; this time the broker takes it.
            tab.run();
            let first = 0x38 | (qos as u8) << 1;
            assert_eq!(sent_ids(&tab.seen())[1], (first, 1), "{version}");
            assert_eq!(tab.session.identifiers_in_use(), 0);
        }
    }
}

#[test]
fn what_is_dropped_is_not_taken_up_by_the_next_page() {
    for version in VERSIONS {
        let mut tab = held(version, Qos::ExactlyOnce);
        tab.tell(Input::DropHeld(7));
        tab.run();
        assert!(events(&tab.seen()).contains(&Event::Cancelled { number: 7 }));
        tab.crash();
        tab.connect();
        tab.run();
        assert_eq!(tab.session.identifiers_in_use(), 0);
        assert!(
            !sent_ids(&tab.seen())
                .iter()
                .any(|(first, _)| first >> 4 == 3)
        );
    }
}

/// The user ends the connection and makes another: the message goes with the session.
#[test]
fn disconnecting_leaves_it_to_storage() {
    for version in VERSIONS {
        let mut tab = held(version, Qos::AtLeastOnce);
        tab.tell(Input::Disconnect);
        tab.run();
        assert_eq!(tab.session.held_back().count(), 0);
        tab.connect();
        tab.run();
        assert_eq!(sent_ids(&tab.seen()).last(), Some(&(0x3A, 1)), "{version}");
        assert_eq!(tab.session.identifiers_in_use(), 0);
    }
}
