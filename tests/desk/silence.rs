//! Why a subscription brought nothing.

use midge::{
    desk::silence::{LONG, SOON, Why, look_again, why},
    link::{Grant, Levels, Silence, Subscription},
    protocol::{Nearness, Qos, RetainHandling, SubscribeOptions, nearness},
};

fn granted(filter: &str) -> Subscription {
    Subscription {
        filter: filter.to_owned(),
        options: Qos::AtMostOnce.into(),
        identifier: None,
        reason: None,
        grant: Grant::Granted(Qos::AtMostOnce),
        colour: 0,
        muted: false,
        count: 0,
        rate: 0.0,
    }
}

/// What the engine would tell of a filter beside these topics.
fn seen(filter: &str, topics: &[&str]) -> Silence {
    let mut told = Silence {
        filter: filter.to_owned(),
        topics: topics.len() as u32,
        complete: true,
        ..Silence::default()
    };
    for topic in topics {
        let levels = topic.split('/').count() as u16;
        let widen = |place: &mut Option<Levels>| {
            let place = place.get_or_insert_with(|| Levels {
                topic: (*topic).to_owned(),
                least: levels,
                most: levels,
            });
            place.least = place.least.min(levels);
            place.most = place.most.max(levels);
        };
        match nearness(filter, topic) {
            None => {}
            Some(Nearness::Matches) => told.matches = true,
            Some(Nearness::Deeper) => widen(&mut told.deeper),
            Some(Nearness::Shallower) => widen(&mut told.shallower),
            Some(Nearness::Capitals) => {
                told.capitals.get_or_insert_with(|| (*topic).to_owned());
            }
            Some(Nearness::Slash) => {
                told.slash.get_or_insert_with(|| (*topic).to_owned());
            }
        }
    }
    told
}

fn after(filter: &str, topics: &[&str], waited: f64) -> Option<Why> {
    why(&granted(filter), Some(&seen(filter, topics)), waited)
}

/// What is offered instead, a moment after it was granted.
fn instead(filter: &str, topics: &[&str]) -> Vec<String> {
    after(filter, topics, SOON).map_or_else(Vec::new, |why| why.instead().to_vec())
}

#[test]
fn one_level_does_not_reach_topics_of_three() {
    let topics = ["sensors/lab/temp", "sensors/hall/temp"];
    assert_eq!(
        after("sensors/+", &topics, SOON),
        Some(Why::Levels {
            own: 2,
            seen: Levels {
                topic: "sensors/lab/temp".to_owned(),
                least: 3,
                most: 3
            },
            instead: "sensors/+/+".to_owned(),
        })
    );
    assert_eq!(instead("sensors", &topics), ["sensors/+/+"]);
    assert_eq!(
        instead("sensors", &["sensors/a", "sensors/b/c"]),
        ["sensors/#"]
    );
    assert_eq!(
        instead("$share/g/sensors/+", &topics),
        ["$share/g/sensors/+/+"]
    );
}

#[test]
fn a_filter_longer_than_the_topics_is_cut_to_them() {
    assert_eq!(instead("lab/+/+/temp", &["lab/a", "lab/a/b"]), ["lab/+/+"]);
    assert_eq!(instead("lab/temp/", &["lab/temp"]), ["lab/temp"]);
}

#[test]
fn capitals_are_taken_from_the_topic() {
    let topics = ["sensors/lab/Temp"];
    assert_eq!(instead("Sensors/+/temp", &topics), ["sensors/+/Temp"]);
    assert_eq!(instead("Sensors/Lab/#", &topics), ["sensors/lab/#"]);
    assert_eq!(instead("HALLE/ÖL", &["halle/öl"]), ["halle/öl"]);
}

#[test]
fn a_slash_at_the_front_is_one_level_more() {
    assert_eq!(instead("/sensors/lab", &["sensors/lab"]), ["sensors/lab"]);
    assert_eq!(instead("sensors/#", &["/sensors/lab"]), ["/sensors/#"]);
}

#[test]
fn commas_and_spaces_are_part_of_a_filter() {
    assert_eq!(instead("m/1, m/2", &[]), ["m/1", "m/2"]);
    assert_eq!(instead(" m/1 ", &[]), ["m/1"]);
    assert_eq!(instead("m/ 1", &[]), ["m/1"]);
    // Within a name it may be meant.
    assert_eq!(after("living room/temp", &[], SOON), None);
    // Such a topic was seen: that is how it is called.
    assert_eq!(after("m/1, m/2", &["m/1, m/2"], SOON), None);
}

#[test]
fn a_filter_that_matches_a_topic_is_only_quiet() {
    let topics = ["sensors/lab", "sensors/lab/temp"];
    assert_eq!(after("sensors/+", &topics, SOON), None);
    assert_eq!(
        after("sensors/+", &topics, LONG),
        Some(Why::Quiet { retained: true })
    );
}

#[test]
fn two_minutes_of_silence_are_told_and_not_less() {
    assert_eq!(after("a", &[], LONG - 1.0), None);
    assert_eq!(
        after("a", &["b", "c/d"], LONG),
        Some(Why::Quiet { retained: true })
    );
    assert_eq!(
        after("$share/g/a", &[], LONG),
        Some(Why::Quiet { retained: false })
    );
    let mut never = granted("a");
    never.options = SubscribeOptions {
        retain_handling: RetainHandling::Never,
        ..never.options
    };
    assert_eq!(
        why(&never, None, LONG),
        Some(Why::Quiet { retained: false })
    );
}

#[test]
fn nothing_is_said_too_early_or_of_what_is_not_silent() {
    assert_eq!(after("m/1, m/2", &[], SOON - 1.0), None);
    let mut heard = granted("m/1, m/2");
    heard.count = 1;
    assert_eq!(why(&heard, None, LONG), None);
    let mut asked = granted("m/1, m/2");
    asked.grant = Grant::Asked;
    assert_eq!(why(&asked, None, LONG), None);
    let halfway = Silence {
        complete: false,
        ..seen("sensors/+", &["sensors/a/b"])
    };
    assert_eq!(why(&granted("sensors/+"), Some(&halfway), SOON), None);
    assert_eq!(look_again(0.0), Some(SOON));
    assert_eq!(look_again(SOON), Some(LONG));
    assert_eq!(look_again(LONG), None);
}

#[test]
fn what_a_broker_tells_of_itself_is_near_to_no_wildcard() {
    assert_eq!(nearness("+", "$SYS/broker/uptime"), None);
    assert_eq!(nearness("#", "$SYS/broker"), None);
    assert_eq!(nearness("#", "a"), Some(Nearness::Matches));
    assert_eq!(nearness("a/#", "a"), Some(Nearness::Matches));
    // Two differences are none that could be named.
    assert_eq!(nearness("A/b", "a/b/c"), None);
    assert_eq!(nearness("a/b", "c/b"), None);
}
