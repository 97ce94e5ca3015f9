//! Whatever happens in whatever order: nothing that was taken is lost, QoS 2 comes once, nothing is left over.

use midge::protocol::{Qos, Version};
use midge::session::{Change, Event, Input};
use proptest::prelude::*;

use crate::tab::*;

#[derive(Clone, Copy, Debug)]
enum Turn {
    Publish(Qos),
    Came(Qos),
    Steps(u8),
    Lose,
    Crash,
    CrashAfter(u8),
    Pass(u8),
    Again,
    Silence,
    Speak,
    /// The broker loses the session with the connection.
    Forget,
    /// What the next CONNACK grants.
    Grant(u8),
}

fn turn() -> impl Strategy<Value = Turn> {
    let qos = || {
        prop_oneof![
            Just(Qos::AtMostOnce),
            Just(Qos::AtLeastOnce),
            Just(Qos::ExactlyOnce)
        ]
    };
    prop_oneof![
        8 => qos().prop_map(Turn::Publish),
        3 => qos().prop_map(Turn::Came),
        8 => (1_u8..8).prop_map(Turn::Steps),
        2 => Just(Turn::Lose),
        1 => Just(Turn::Crash),
        2 => (0_u8..12).prop_map(Turn::CrashAfter),
        1 => (1_u8..40).prop_map(Turn::Pass),
        1 => Just(Turn::Again),
        1 => Just(Turn::Silence),
        1 => Just(Turn::Speak),
        1 => Just(Turn::Forget),
        1 => (0_u8..4).prop_map(Turn::Grant),
    ]
}

#[derive(Default)]
struct Account {
    /// Payloads and QoS of what was put into storage.
    taken: Vec<(Vec<u8>, Qos)>,
    published: Vec<(Vec<u8>, Qos)>,
    came: Vec<Vec<u8>>,
    /// What all pages were given.
    pages: Vec<Vec<u8>>,
}

impl Account {
    fn settle(&mut self, tab: &mut Tab) {
        for seen in tab.seen() {
            let Seen::Store(Change::Put { value, .. }) = seen else {
                continue;
            };
            for published in &self.published {
                let part = &published.0;
                if value.windows(part.len()).any(|window| window == part)
                    && !self.taken.contains(published)
                {
                    self.taken.push(published.clone());
                }
            }
        }
        let mut page = tab.page.clone();
        page.sort();
        let before = page.len();
        page.dedup();
        assert_eq!(page.len(), before, "given twice to one page");
    }

    fn leave(&mut self, tab: &mut Tab) {
        self.settle(tab);
        self.pages.append(&mut tab.page);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// MQTT 3.1.1 [MQTT-4.1.0-1], [MQTT-4.3.3-1], [MQTT-4.3.3-2]
    /// MQTT 5 [MQTT-4.1.0-1], [MQTT-4.3.3-3], [MQTT-4.3.3-10]
    #[test]
    fn nothing_is_lost_and_qos_2_comes_once(
        turns in prop::collection::vec(turn(), 1..80),
        version in prop::sample::select(VERSIONS.to_vec()),
    ) {
        let mut tab = Tab::new(keeping(version));
        let mut account = Account::default();
        tab.connect();
        let (mut number, mut forgotten) = (100_000, false);
        for turn in turns {
            number += 1;
            match turn {
                Turn::Publish(qos) => {
                    account.published.push((payload(number), qos));
                    tab.publish(number, qos);
                }
                // At QoS 1 a page may be given a message again, after a lost acknowledgement.
                Turn::Came(Qos::AtLeastOnce) => {}
                // A client that never connected has subscribed to nothing.
                Turn::Came(qos) => {
                    if qos == Qos::ExactlyOnce && tab.storage.contains_key(&0) {
                        account.came.push(payload(number));
                        tab.broker.publish(qos, &payload(number));
                    }
                }
                Turn::Steps(steps) => for _ in 0..steps {
                    tab.step();
                },
                Turn::Lose => tab.lose(),
                Turn::Crash => {
                    account.leave(&mut tab);
                    tab.crash();
                    tab.connect();
                }
                Turn::CrashAfter(outputs) => tab.fuse = Some(outputs.into()),
                Turn::Pass(seconds) => tab.pass(seconds.into()),
                Turn::Again => {
                    tab.tell(Input::Disconnect);
                    tab.connect();
                }
                Turn::Silence => tab.broker.silent = true,
                Turn::Speak => tab.broker.speak(),
                Turn::Forget => {
                    forgotten = true;
                    tab.broker.forget();
                    account.came.clear();
                    tab.lose();
                }
                Turn::Grant(which) if version == Version::V5 => {
                    tab.broker.connack = match which {
                        0 => vec![],
                        1 => vec![0x21, 0, 1],
                        2 => vec![0x21, 0, 3, 0x22, 0, 1],
                        _ => vec![0x22, 0, 2],
                    };
                }
                Turn::Grant(_) => {}
            }
            account.settle(&mut tab);
            if tab.is_crashed() {
                account.leave(&mut tab);
                tab.crash();
                tab.connect();
            }
        }
        tab.fuse = None;
        tab.broker.speak();
        tab.lose();
        tab.run();
        let given_up = events(&tab.log)
            .iter()
            .any(|event| matches!(event, Event::Unfinished { .. }));
        prop_assert!(forgotten || !given_up);
        account.leave(&mut tab);
        for (payload, qos) in &account.taken {
            let times = tab.broker.delivered.iter().filter(|other| *other == payload).count();
            match qos {
                Qos::AtMostOnce => prop_assert!(times <= 1),
                Qos::AtLeastOnce => prop_assert!(times >= 1),
                // Whether a session that is gone had delivered it cannot be found out.
                Qos::ExactlyOnce => prop_assert!(times == 1 || forgotten),
            }
        }
        if forgotten {
            // A page that is gone before the broker's word on the session leaves the next one in the belief that it is
            // still the earlier session, so identifiers of messages from the broker may be left in storage.
            settled(&tab)?;
            return Ok(());
        }
        // First deliveries of one quality of service are in the order of publishing.
        for qos in [Qos::AtLeastOnce, Qos::ExactlyOnce] {
            let mut firsts: Vec<&Vec<u8>> = Vec::new();
            for payload in &tab.broker.delivered {
                if account.published.contains(&(payload.clone(), qos)) && !firsts.contains(&payload) {
                    firsts.push(payload);
                }
            }
            prop_assert!(firsts.is_sorted(), "{:?}", firsts);
        }
        for payload in &account.came {
            prop_assert!(account.pages.contains(payload), "lost");
        }
        prop_assert!(tab.broker.is_done());
        settled(&tab)?;
        prop_assert_eq!(tab.storage.keys().copied().collect::<Vec<_>>(), vec![0]);
    }
}

/// Nothing is left over.
fn settled(tab: &Tab) -> Result<(), TestCaseError> {
    prop_assert_eq!(tab.session.identifiers_in_use(), 0);
    prop_assert_eq!(tab.session.in_flight(), 0);
    prop_assert_eq!(tab.session.queue_size(), (0, 0));
    Ok(())
}
