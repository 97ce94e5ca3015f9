//! Another client takes over the client identifier: whoever is told so stays away, a fight shows by its rhythm and ends,
//! and a loss is a loss.

use midge::session::{Input, Phase, Settings, SocketEvent, Trouble};

use crate::link::*;

fn replaced(certain: bool) -> Option<Trouble> {
    Some(Trouble::Replaced {
        certain,
        client_id: "mine".to_owned(),
    })
}

fn rests(link: &mut Link) {
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Failed, None)
    );
    assert_eq!(link.pass(1_000_000 * SECOND), []);
}

/// The connection is thrown out after this time, and the next try is accepted.
fn thrown_out(link: &mut Link, after: u64) {
    link.now += after;
    link.lose();
    link.accept(false);
    assert_eq!(link.session.phase(), Phase::Connected);
}

#[test]
fn a_host_that_says_so_is_believed() {
    for settings in each() {
        let mut link = Link::connected(settings);
        let seen = link.closed(4142);
        assert!(!seen.iter().any(|seen| matches!(seen, Seen::Open(_))));
        assert_eq!(link.session.trouble(), replaced(true).as_ref());
        rests(&mut link);
    }
}

/// A socket that is cut, a proxy's idle limit, a node that dies behind a load balancer: the broker is there all the time.
#[test]
fn a_lost_connection_comes_back_each_time() {
    let mut all: Vec<Settings> = each().into();
    all.extend(each_keeping());
    for settings in all {
        for lasted in [5, 6, 50, 60] {
            let mut link = Link::connected(settings.clone());
            for _ in 0..20 {
                // PINGREQ is answered meanwhile.
                for _ in 0..lasted {
                    if !as_broker(&link.pass(SECOND)).is_empty() {
                        link.bytes(&PINGRESP);
                    }
                }
                link.socket(SocketEvent::Closed {
                    code: 1006,
                    reason: "",
                    clean: false,
                });
                assert!(matches!(
                    link.session.trouble(),
                    Some(Trouble::Lost { code: 1006, .. })
                ));
                let wait = link.session.next_try().expect("comes back") - link.now;
                assert!((SECOND..=2 * SECOND).contains(&wait), "{wait}");
                link.wake();
                link.accept(false);
            }
        }
    }
}

#[test]
fn thrown_out_three_times_in_a_row_soon_after_connack_it_stops() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        // The first time it had held.
        thrown_out(&mut link, 60 * SECOND);
        thrown_out(&mut link, 4 * SECOND);
        thrown_out(&mut link, 0);
        link.now += 4_999_999;
        link.closed(1006);
        assert_eq!(link.session.trouble(), replaced(false).as_ref());
        rests(&mut link);
    }
}

#[test]
fn a_connection_that_held_in_between_is_no_part_of_a_fight() {
    let mut link = Link::connected(keeping());
    for _ in 0..10 {
        thrown_out(&mut link, SECOND);
        thrown_out(&mut link, SECOND);
        thrown_out(&mut link, 5 * SECOND);
    }
}

/// In a fight every try succeeds; here the broker is going up and down.
#[test]
fn a_try_that_fails_in_between_is_no_part_of_a_fight() {
    let fails: [fn(&mut Link); 3] = [
        |link| drop(link.closed(1006)),
        |link| {
            link.opened();
            link.closed(1006);
        },
        |link| {
            link.opened();
            link.bytes(&connack(false, 3));
        },
    ];
    for fail in fails {
        let mut link = Link::connected(keeping());
        for _ in 0..10 {
            thrown_out(&mut link, SECOND);
            link.now += SECOND;
            link.lose();
            fail(&mut link);
            assert_eq!(link.session.phase(), Phase::Waiting);
            link.wake();
            link.accept(false);
        }
    }
}

/// A change of network, and sleep, explain a loss, and so does a broker that was silent before.
#[test]
fn what_is_explained_is_no_part_of_a_fight() {
    let explain: [fn(&mut Link); 3] = [
        |link| drop(link.tell(Input::NetworkChanged)),
        |link| link.now += 3600 * SECOND,
        |link| drop(link.wake()),
    ];
    for explain in explain {
        let mut link = Link::connected(keeping());
        for _ in 0..10 {
            explain(&mut link);
            link.lose();
            link.accept(true);
            assert_eq!(link.session.phase(), Phase::Connected);
        }
    }
}

#[test]
fn long_after_a_change_of_network_a_fight_is_told() {
    let mut link = Link::connected(keeping());
    link.tell(Input::NetworkChanged);
    link.now += 31 * SECOND;
    for _ in 0..3 {
        thrown_out(&mut link, 0);
    }
    link.closed(1006);
    assert_eq!(link.session.trouble(), replaced(false).as_ref());
}

#[test]
fn after_being_replaced_only_the_user_connects_again_and_may_lose_three_times_again() {
    for again in [Input::TryNow, connect(settings())] {
        let mut link = Link::connected(settings());
        for round in 0..2 {
            thrown_out(&mut link, 0);
            thrown_out(&mut link, 0);
            link.closed(1006);
            assert_eq!(link.session.trouble(), replaced(false).as_ref(), "{round}");
            rests(&mut link);
            assert!(matches!(
                link.tell(again.clone()).last(),
                Some(Seen::Event(_))
            ));
            link.accept(false);
        }
    }
}

/// Two tabs that were given the same name, as by duplicating one: the loser takes another name.
#[test]
fn a_made_up_name_is_given_up() {
    for code in [1006, 4142] {
        let mut settings = settings();
        settings.client_id_made_up = true;
        let mut link = Link::connected(settings);
        link.closed(code);
        link.wake();
        let fresh = link.session.settings().unwrap().connect.client_id.clone();
        assert!(fresh.starts_with("midge-") && fresh.len() <= 23, "{fresh}");
        let connect = sent(&link.opened()).concat();
        assert!(connect.ends_with(fresh.as_bytes()));
    }
}

/// With a session at the broker the name is what it is found by.
#[test]
fn a_made_up_name_with_a_kept_session_stays() {
    let mut settings = keeping();
    settings.client_id_made_up = true;
    let mut link = Link::connected(settings);
    link.lose();
    assert_eq!(link.session.settings().unwrap().connect.client_id, "mine");
}

/// Two clients with one name at a broker that says nothing when it throws out the one for the other.
struct Twins {
    links: [Link; 2],
    now: u64,
    /// From asking for a socket to CONNACK.
    latency: u64,
}

impl Twins {
    fn new(seed: u64, settings: Settings, latency: u64) -> Self {
        let links = [1, 2].map(|number| Link::new(seed * 2 + number));
        let now = links[0].now;
        let mut twins = Self {
            links,
            now,
            latency,
        };
        for one in [0, 1] {
            twins.at(twins.now + 30 * SECOND);
            twins.links[one].tell(connect(settings.clone()));
            twins.comes_in(one);
        }
        twins
    }

    fn comes_in(&mut self, one: usize) {
        self.now += self.latency;
        self.at(self.now);
        self.links[one].accept(false);
        let other = &mut self.links[1 - one];
        if other.session.phase() == Phase::Connected {
            other.closed(1006);
        }
    }

    fn at(&mut self, now: u64) {
        self.now = now;
        for link in &mut self.links {
            link.now = now;
        }
    }

    /// The next thing that either wants. False: nobody wants anything but to go on.
    fn step(&mut self) -> bool {
        let due = self.links.each_ref().map(|link| link.session.next_try());
        let Some(next) = due.iter().flatten().min().copied() else {
            return false;
        };
        let one = usize::from(due[0] != Some(next));
        self.at(next.max(self.now));
        self.links[one].tell(Input::Time);
        self.comes_in(one);
        true
    }
}

#[test]
fn two_that_throw_each_other_out_end_with_one_of_them_connected() {
    for settings in each_keeping() {
        for seed in 0..200 {
            for latency in [0, SECOND / 20, SECOND, 3 * SECOND] {
                let mut twins = Twins::new(seed, settings.clone(), latency);
                let began = twins.now;
                while twins.step() {
                    assert!(twins.now < began + 60 * SECOND, "seed {seed}, {latency}");
                }
                let phases = twins.links.each_ref().map(|link| link.session.phase());
                let loser = usize::from(phases[0] != Phase::Failed);
                assert_eq!(
                    (phases[loser], phases[1 - loser]),
                    (Phase::Failed, Phase::Connected),
                    "seed {seed}, {latency}"
                );
                assert_eq!(
                    twins.links[loser].session.trouble(),
                    replaced(false).as_ref()
                );
            }
        }
    }
}

/// A program that comes back at once, as most do, does not give way.
#[test]
fn against_one_that_never_gives_way_it_is_over_in_seconds() {
    let mut link = Link::connected(keeping());
    link.now += 30 * SECOND;
    let began = link.now;
    while link.session.phase() != Phase::Failed {
        link.lose_or_fail();
        link.now += SECOND;
    }
    assert!(link.now - began < 30 * SECOND);
}

impl Link {
    fn lose_or_fail(&mut self) {
        self.closed(1006);
        if self.session.next_try().is_some() {
            self.wake();
            self.accept(false);
        }
    }
}
