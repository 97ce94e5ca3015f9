//! What devices are told over MQTT.

use midge::devices::{Kind, Order, State};
use midge::protocol::PublishProperties;

use crate::world::{SECOND, World};

#[test]
fn a_lamp_obeys_and_keeps_its_state_retained() {
    let mut world = World::new();
    assert_eq!(
        world.retained("home/lamp/state").as_deref(),
        Some(r#"{"state":"OFF","brightness":100}"#)
    );
    for (command, state) in [
        ("ON", r#"{"state":"ON","brightness":100}"#),
        ("toggle", r#"{"state":"OFF","brightness":100}"#),
        (" On\n", r#"{"state":"ON","brightness":100}"#),
        ("OFF", r#"{"state":"OFF","brightness":100}"#),
        (r#"{"brightness":40}"#, r#"{"state":"ON","brightness":40}"#),
        (
            r#"{"state":"off","brightness":70,"effect":"none"}"#,
            r#"{"state":"OFF","brightness":70}"#,
        ),
        (r#"{"state":"TOGGLE"}"#, r#"{"state":"ON","brightness":70}"#),
        (r#"{"brightness":0}"#, r#"{"state":"OFF","brightness":0}"#),
    ] {
        world.publish("home/lamp/set", command);
        assert_eq!(world.heard("home/lamp/state"), [state], "{command}");
        assert_eq!(world.retained("home/lamp/state").as_deref(), Some(state));
    }
    assert_eq!(world.told(Kind::Lamp).taken, 8);
    assert_eq!(world.told(Kind::Lamp).complaint, None);
}

#[test]
fn a_wrong_command_changes_nothing_and_is_answered_with_why() {
    let mut world = World::new();
    world.got.clear();
    let help = r#"Send ON, OFF, TOGGLE or {"state":"ON","brightness":0 to 100}."#;
    for (command, why) in [
        ("BLAH", r#"Not understood: "BLAH"."#),
        ("\"ON\"", r#"Not understood: "\"ON\""."#),
        ("", "The command is empty."),
        ("{", r#"Not readable as JSON: "{"."#),
        (
            r#"{"brightness":"40"}"#,
            r#"Not readable as JSON: "{\"brightness\":\"40\"}"."#,
        ),
        (r#"{"state":"DIM"}"#, r#"No such state: "DIM"."#),
        ("{}", "Neither state nor brightness in the JSON."),
        (
            r#"{"state":"ON","brightness":101}"#,
            "Brightness 101 is not 0 to 100.",
        ),
        (
            r#"{"state":"ON","brightness":-1}"#,
            "Brightness -1 is not 0 to 100.",
        ),
    ] {
        world.publish("home/lamp/set", command);
        let got = std::mem::take(&mut world.got);
        let at = |topic: &str| -> Vec<String> {
            let at = got.iter().filter(|got| got.topic == topic);
            at.map(|got| got.payload.clone()).collect()
        };
        assert_eq!(at("home/lamp/log"), [format!("{why} {help}")]);
        assert_eq!(at("home/lamp/state").len(), 0, "{command}");
        let complaint = world.told(Kind::Lamp).complaint.expect("a complaint");
        assert!(complaint.starts_with(why), "{complaint}");
    }
    assert_eq!(
        world.retained("home/lamp/state").as_deref(),
        Some(r#"{"state":"OFF","brightness":100}"#)
    );
    world.publish("home/lamp/set", "ON");
    assert_eq!(world.told(Kind::Lamp).complaint, None);
}

#[test]
fn no_command_ends_a_device_however_large_or_strange() {
    let mut world = World::new();
    let mut hostile: Vec<Vec<u8>> = vec![
        vec![0xFF; 40],
        vec![0; 1024],
        vec![b'['; 60_000],
        vec![b'{'; 1000],
        br#"{"brightness":1e999}"#.to_vec(),
        br#"{"brightness":99999999999999999999999999}"#.to_vec(),
        "ON\u{202e}".into(),
        "\u{1F4A1}".repeat(400).into(),
        // Cut in the middle of a character where the device stops looking.
        [b"x".to_vec(), "é".repeat(4000).into_bytes()].concat(),
    ];
    hostile.push(
        [
            br#"{"state":""#.to_vec(),
            vec![b'a'; 900],
            br#""}"#.to_vec(),
        ]
        .concat(),
    );
    for command in hostile {
        let len = command.len();
        world.publish("home/lamp/set", command);
        let heard = world.heard("home/lamp/log");
        assert_eq!(heard.len(), 1, "{len} bytes");
        assert!(heard[0].len() < 400, "{}", heard[0]);
        assert_eq!(world.state(Kind::Lamp), State::Connected);
    }
    // Larger than the packets that it takes: the broker keeps it from the lamp.
    world.publish("home/lamp/set", vec![b'x'; 1 << 20]);
    assert_eq!(world.heard("home/lamp/log").len(), 0);
    for _ in 0..1000 {
        world.publish("home/lamp/set", vec![0x80; 10]);
    }
    assert_eq!(world.heard("home/lamp/log").len(), 1000);
    world.publish("home/lamp/set", "ON");
    assert_eq!(
        world.heard("home/lamp/state"),
        [r#"{"state":"ON","brightness":100}"#]
    );
}

#[test]
fn a_lamp_answers_where_an_answer_is_asked_for() {
    let mut world = World::new();
    let asked = |data: &[u8]| PublishProperties {
        response_topic: Some("answers/me".to_owned()),
        correlation_data: Some(data.to_vec()),
        ..PublishProperties::default()
    };
    world.publish_with("home/lamp/set", "ON", asked(b"1"));
    world.publish_with("home/lamp/set", "what?", asked(b"2"));
    let answers = world.got.iter().filter(|got| got.topic == "answers/me");
    let answers: Vec<_> = answers
        .map(|got| {
            let data = got.properties.correlation_data.clone();
            (data.expect("its data"), got.payload.as_str())
        })
        .collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(
        answers[0],
        (b"1".to_vec(), r#"{"state":"ON","brightness":100}"#)
    );
    assert_eq!(answers[1].0, b"2");
    assert!(answers[1].1.starts_with(r#"Not understood: "what?"."#));
}

#[test]
fn a_lamp_that_is_asked_to_answer_to_itself_comes_to_rest() {
    let mut world = World::new();
    for command in ["TOGGLE", "nonsense"] {
        let properties = PublishProperties {
            response_topic: Some("home/lamp/set".to_owned()),
            ..PublishProperties::default()
        };
        // The world panics when they talk without end.
        world.publish_with("home/lamp/set", command, properties);
    }
    world.run(10 * SECOND);
    assert_eq!(world.told(Kind::Lamp).taken, 4);
}

#[test]
fn what_is_done_by_hand_is_said() {
    let mut world = World::new();
    let number = world.number(Kind::Lamp);
    world.got.clear();
    world.order(Order::ByHand { number });
    assert_eq!(
        world.heard("home/lamp/state"),
        [r#"{"state":"ON","brightness":100}"#]
    );
    world.order(Order::Add { kind: Kind::Button });
    let number = world.number(Kind::Button);
    for _ in 0..3 {
        world.order(Order::ByHand { number });
    }
    let presses = world.heard("home/button");
    assert_eq!(
        presses,
        [r#"{"press":1}"#, r#"{"press":2}"#, r#"{"press":3}"#]
    );
}
