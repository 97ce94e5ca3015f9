//! The same in a terminal: the lines, and what a real shell makes of them. Stand-ins for Mosquitto's programs note their
//! arguments and their input, byte for byte.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

use midge::profile::terminal::{
    Broker, Filter, Line, Message, NoLine, Note, Part, Payload, Port, publish, quote, subscribe,
};
use midge::protocol::Version;
use proptest::prelude::*;

fn broker() -> Broker<'static> {
    Broker {
        host: "h",
        port: Port::Known(1884),
        user_name: None,
        password: false,
        version: Some(Version::V5),
        keep_session: None,
        connect_properties: Vec::new(),
        user_properties: &[],
    }
}

fn message<'a>(topic: &'a str, payload: &'a [u8]) -> Message<'a> {
    Message {
        topic,
        payload: Payload::Bytes(payload),
        qos: 0,
        retain: false,
        payload_is_text: None,
        message_expiry: None,
        content_type: None,
        response_topic: None,
        correlation_data: None,
        user_properties: &[],
    }
}

fn text(line: Result<Line, NoLine>) -> String {
    line.expect("a line").text
}

/// What a program was called with.
#[derive(Debug, PartialEq, Eq)]
struct Called {
    arguments: Vec<Vec<u8>>,
    input: Vec<u8>,
}

impl Called {
    /// What follows an option, each time.
    fn after(&self, option: &str) -> Vec<&[u8]> {
        let pairs = self.arguments.windows(2);
        pairs
            .filter(|pair| pair[0] == option.as_bytes())
            .map(|pair| pair[1].as_slice())
            .collect()
    }

    fn has(&self, option: &str) -> bool {
        self.arguments
            .iter()
            .any(|argument| argument == option.as_bytes())
    }
}

/// A folder with stand-ins for both programs; it goes with the value.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a line with this shell.
fn run_with(shell: &str, line: &str) -> Called {
    static FOLDERS: AtomicU32 = AtomicU32::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let name = format!("midge-terminal-{}-{number}", std::process::id());
    let folder = Folder(std::env::temp_dir().join(name));
    fs::create_dir(&folder.0).unwrap();
    let note = r#"#!/bin/sh
here=${0%/*}
for word in "$@"; do printf '%s\0' "$word"; done > "$here/arguments"
cat > "$here/input"
"#;
    for program in ["mosquitto_pub", "mosquitto_sub"] {
        let path = folder.0.join(program);
        fs::write(&path, note).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let done = Command::new(shell)
        .args(["-c", line])
        .current_dir(&folder.0)
        .env("PATH", format!("{}:{path}", folder.0.display()))
        .env("MQTT_PASSWORD", "a b'c")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(
        done.status.success() && done.stdout.is_empty() && done.stderr.is_empty(),
        "{line}: {done:?}"
    );
    let read = |name: &str| fs::read(folder.0.join(name)).unwrap();
    let mut arguments: Vec<_> = read("arguments")
        .split(|&byte| byte == 0)
        .map(<[u8]>::to_vec)
        .collect();
    assert_eq!(arguments.pop(), Some(Vec::new()));
    Called {
        arguments,
        input: read("input"),
    }
}

fn run(line: &str) -> Called {
    run_with("sh", line)
}

/// What would be published.
fn payload(called: &Called) -> Vec<u8> {
    let mut arguments = called.arguments.iter();
    while let Some(option) = arguments.next() {
        match option.as_slice() {
            b"-m" => return arguments.next().expect("a payload").clone(),
            b"-n" => return Vec::new(),
            b"-s" => return called.input.clone(),
            b"-r" => {}
            // An option and its value.
            _ => drop(arguments.next()),
        }
    }
    panic!("no payload: {called:?}")
}

const NASTY: [&[u8]; 24] = [
    b"",
    b"plain",
    b"two words",
    b"it's",
    b"'",
    b"\\",
    b"\\n \\0 \\x41 %s %d %%",
    b"$HOME `id` $(id) \"quoted\" ! !! #x ~ * ? [a] {a,b} ; & | < >",
    b"-n",
    b"--help",
    b"ends with a line break\n",
    b"\n\n",
    b"\ttab\r\n",
    "溫度 23 °C 🌡️".as_bytes(),
    "turned \u{202e}around, \u{200b}hidden, \u{a0}wide, \u{feff}".as_bytes(),
    b"\0",
    b"a\0b\0",
    b"\xde\xad\xbe\xef\x00",
    b"\xff\xfe-\x80'1234567\x01",
    b"\x1b[31m\x07\x7f",
    b"%",
    b"{{{{ value }}",
    b"-\xff",
    b"\xe6\xba",
];

#[test]
fn every_payload_reaches_the_program_byte_for_byte() {
    for bytes in NASTY {
        let line = text(publish(&broker(), &message("a/b", bytes)));
        let called = run(&line);
        assert_eq!(payload(&called), bytes, "{line}");
        assert_eq!(called.after("-t"), [b"a/b"]);
    }
    let long = vec![b'x'; 10_000];
    let line = text(publish(&broker(), &message("a/b", &long)));
    assert_eq!(payload(&run(&line)), long);
}

#[test]
fn every_topic_and_property_reaches_the_program_or_there_is_no_line() {
    for topic in [
        "-topic",
        "a b/c",
        "it's/$SYS/`x`",
        "溫度/🌡",
        "!/!!",
        "a\u{202e}b!%\\",
        " a/b ",
        "#comment",
        "~",
    ] {
        let pairs = [
            (topic.to_owned(), topic.to_owned()),
            (String::new(), "v".to_owned()),
        ];
        let message = Message {
            qos: 2,
            retain: true,
            payload_is_text: Some(true),
            message_expiry: Some(u32::MAX),
            content_type: Some(topic),
            response_topic: Some(topic),
            correlation_data: Some(b"\xff'\n\x01!x"),
            user_properties: &pairs,
            ..message(topic, b"x")
        };
        let called = run(&text(publish(&broker(), &message)));
        assert_eq!(called.after("-t"), [topic.as_bytes()]);
        assert_eq!(called.after("-q"), [b"2"]);
        assert!(called.has("-r"));
        assert_eq!(called.after("content-type"), [topic.as_bytes()]);
        assert_eq!(called.after("response-topic"), [topic.as_bytes()]);
        assert_eq!(called.after("correlation-data"), [b"\xff'\n\x01!x"]);
        assert_eq!(called.after("payload-format-indicator"), [b"1"]);
        assert_eq!(called.after("message-expiry-interval"), [b"4294967295"]);
        assert_eq!(called.after("user-property"), [topic.as_bytes(), b""]);
        assert_eq!(called.arguments.last(), Some(&b"v".to_vec()));
    }
    let refused = |message: &Message<'_>| publish(&broker(), message).unwrap_err();
    for text in [
        "a\nb",
        "a\u{1}",
        "\u{7f}",
        "\u{85}",
        "\0",
        "\u{ffff}",
        "\u{fdd0}",
        "\u{1fffe}",
    ] {
        assert_eq!(refused(&message(text, b"")), NoLine::Refused(Part::Topic));
        let kind = Message {
            content_type: Some(text),
            ..message("a", b"")
        };
        assert_eq!(refused(&kind), NoLine::Refused(Part::ContentType));
        let pairs = [("a".to_owned(), text.to_owned())];
        let pair = Message {
            user_properties: &pairs,
            ..message("a", b"")
        };
        assert_eq!(refused(&pair), NoLine::Refused(Part::UserProperty));
    }
    for data in [b"a\0b".as_slice(), b"a\n", b"\n"] {
        let message = Message {
            correlation_data: Some(data),
            ..message("a", b"")
        };
        assert_eq!(refused(&message), NoLine::Correlation);
    }
}

#[test]
fn what_cannot_be_the_same_has_no_line() {
    let with = |payload| {
        publish(
            &broker(),
            &Message {
                payload,
                ..message("a", b"")
            },
        )
    };
    assert_eq!(with(Payload::Template), Err(NoLine::Placeholders));
    assert_eq!(with(Payload::Bytes(&[b'x'; 20_000])), Err(NoLine::TooLong));
    assert_eq!(with(Payload::Bytes(&[0; 10_000])), Err(NoLine::TooLong));
    let alone = Broker {
        password: true,
        ..broker()
    };
    assert_eq!(
        publish(&alone, &message("a", b"x")),
        Err(NoLine::PasswordAlone)
    );
    let odd = Broker {
        user_name: Some("a\u{1}"),
        ..broker()
    };
    assert_eq!(
        publish(&odd, &message("a", b"x")),
        Err(NoLine::Refused(Part::UserName))
    );
}

#[test]
fn a_file_is_named_and_looked_for_where_the_line_is_run() {
    let with = |name, empty| {
        publish(
            &broker(),
            &Message {
                payload: Payload::File(name, empty),
                ..message("a", b"")
            },
        )
    };
    for name in ["picture.bin", "-f", "it's a b.txt", "\u{202e}gnp.exe", "~"] {
        let line = with(name, false).unwrap();
        assert_eq!(line.notes, [Note::File(name.to_owned())]);
        assert_eq!(
            run(&line.text).after("-f"),
            [format!("./{name}").as_bytes()]
        );
    }
    let line = with("nothing", true).unwrap();
    assert!(run(&line.text).has("-n"));
    assert_eq!(line.notes, []);
}

#[test]
fn the_line_names_host_port_version_and_user_and_never_the_password() {
    let told = Broker {
        host: "[::1]",
        user_name: Some("chen wu"),
        password: true,
        ..broker()
    };
    let line = publish(&told, &message("a", b"x")).unwrap();
    assert_eq!(
        line.text,
        r#"mosquitto_pub -h ::1 -p 1884 -V mqttv5 -u 'chen wu' -P "$MQTT_PASSWORD" -t a -m x"#
    );
    assert_eq!(line.notes, [Note::Password]);
    assert_eq!(run(&line.text).after("-P"), [b"a b'c"]);
    let guessed = |port, version| {
        let told = Broker {
            port,
            version,
            ..broker()
        };
        publish(&told, &message("a", b"x")).unwrap()
    };
    let line = guessed(Port::Usual, Some(Version::V311));
    assert_eq!(
        line.text,
        "mosquitto_pub -h h -p 1883 -V mqttv311 -t a -m x"
    );
    assert_eq!(line.notes, [Note::GuessedPort(1883)]);
    let line = guessed(Port::UsualTls, Some(Version::V31));
    assert_eq!(
        line.text,
        "mosquitto_pub -h h -p 8883 --tls-use-os-certs -V mqttv31 -t a -m x"
    );
    assert_eq!(line.notes, [Note::GuessedPort(8883)]);
    assert_eq!(
        guessed(Port::Known(1), None).text,
        "mosquitto_pub -h h -p 1 -t a -m x"
    );
}

#[test]
fn only_mqtt_5_has_properties() {
    let pairs = [("a b".to_owned(), "$x".to_owned())];
    let told = Broker {
        connect_properties: vec![("receive-maximum", 20)],
        user_properties: &pairs,
        ..broker()
    };
    let message = Message {
        content_type: Some("text/plain; x"),
        ..message("a", b"x")
    };
    assert_eq!(
        text(publish(&told, &message)),
        "mosquitto_pub -h h -p 1884 -V mqttv5 -D connect receive-maximum 20 -D connect user-property 'a b' '$x' \
         -t a -m x -D publish content-type 'text/plain; x'"
    );
    let told = Broker {
        version: Some(Version::V311),
        ..told
    };
    assert_eq!(
        text(publish(&told, &message)),
        "mosquitto_pub -h h -p 1884 -V mqttv311 -t a -m x"
    );
}

fn filter(filter: &str) -> Filter<'_> {
    Filter {
        filter,
        ..Filter::default()
    }
}

#[test]
fn all_filters_are_subscribed_to_with_their_own_options() {
    let line = subscribe(
        &broker(),
        &[
            filter("a/+"),
            filter("$SYS/#"),
            filter("-x"),
            filter("it's"),
            filter("e"),
        ],
    )
    .unwrap();
    assert_eq!(line.notes, []);
    let called = run(&line.text);
    assert_eq!(
        called.after("-t"),
        [b"a/+".as_slice(), b"$SYS/#", b"-x", b"it's", b"e"]
    );
    assert!(called.has("-v") && !called.has("-q"));

    let line = subscribe(
        &broker(),
        &[
            filter("a"),
            Filter {
                qos: 1,
                ..filter("b")
            },
            filter("c"),
            Filter {
                qos: 1,
                retain_as_published: true,
                identifier: Some(7),
                ..filter("d")
            },
            Filter {
                retain_handling: 2,
                ..filter("e")
            },
            Filter {
                retain_handling: 1,
                ..filter("f")
            },
        ],
    )
    .unwrap();
    assert_eq!(line.notes, [Note::Several]);
    assert_eq!(
        line.text,
        "mosquitto_sub -h h -p 1884 -V mqttv5 -t a -t c -t f -v\n\
         mosquitto_sub -h h -p 1884 -V mqttv5 -q 1 -t b -v\n\
         mosquitto_sub -h h -p 1884 -V mqttv5 -q 1 --retain-as-published -D subscribe subscription-identifier 7 -t d -v\n\
         mosquitto_sub -h h -p 1884 -V mqttv5 -R -t e -v"
    );
    // Older versions have none of these.
    let old = Broker {
        version: Some(Version::V311),
        ..broker()
    };
    let five = Filter {
        retain_as_published: true,
        retain_handling: 2,
        identifier: Some(7),
        ..filter("d")
    };
    assert_eq!(
        text(subscribe(&old, &[five])),
        "mosquitto_sub -h h -p 1884 -V mqttv311 -t d -v"
    );
}

#[test]
fn a_subscription_that_cannot_be_the_same_has_no_line() {
    assert_eq!(subscribe(&broker(), &[]), Err(NoLine::NoSubscription));
    assert_eq!(
        subscribe(&broker(), &[filter("a\u{1}")]),
        Err(NoLine::Refused(Part::Filter))
    );
    let never = Filter {
        retain_handling: 2,
        retain_as_published: true,
        ..filter("a")
    };
    assert_eq!(subscribe(&broker(), &[never]), Err(NoLine::RetainHandling));
    let kept = Broker {
        keep_session: Some(("id", Some(60))),
        ..broker()
    };
    let new = Filter {
        retain_handling: 1,
        ..filter("a")
    };
    assert_eq!(subscribe(&kept, &[new]), Err(NoLine::RetainHandling));
    let many: Vec<_> = std::iter::repeat_n("level/".repeat(20), 200).collect();
    let many: Vec<_> = many.iter().map(|one| filter(one)).collect();
    assert_eq!(subscribe(&broker(), &many), Err(NoLine::TooLong));
    let shared = subscribe(&broker(), &[filter("$share/g/a")]).unwrap();
    assert_eq!(shared.notes, [Note::Shared]);
    assert_eq!(run(&shared.text).after("-t"), [b"$share/g/a"]);
}

#[test]
fn a_kept_session_has_an_identifier_of_its_own() {
    let line = |version, id, qos: [u8; 2]| {
        let told = Broker {
            version: Some(version),
            keep_session: Some((id, Some(3600))),
            ..broker()
        };
        let filters = [
            filter("a"),
            Filter {
                qos: qos[1],
                ..filter("b")
            },
        ];
        text(subscribe(&told, &filters))
    };
    assert_eq!(
        line(Version::V5, "my id", [0, 0]),
        "mosquitto_sub -h h -p 1884 -V mqttv5 -i 'my id-terminal' -c -x 3600 -t a -t b -v"
    );
    assert_eq!(
        line(Version::V311, "id", [0, 1]),
        "mosquitto_sub -h h -p 1884 -V mqttv311 -i id-terminal -c -t a -v\n\
         mosquitto_sub -h h -p 1884 -V mqttv311 -i id-terminal-2 -c -q 1 -t b -v"
    );
    // MQTT 3.1 takes 23 characters at the most.
    let called = run(&line(Version::V31, "a-very-long-identifier-it-is", [0, 0]));
    assert_eq!(called.after("-i"), [b"a-very-long-id-terminal"]);
}

#[test]
fn a_word_is_quoted_as_far_as_it_has_to_be() {
    for (word, quoted) in [
        ("pi.local", "pi.local"),
        ("", "''"),
        ("$(reboot)", "'$(reboot)'"),
        ("it's; x", r"'it'\''s; x'"),
        ("~/x", "'~/x'"),
    ] {
        assert_eq!(quote(word), quoted);
    }
}

#[test]
fn another_shell_reads_the_lines_alike() {
    for shell in ["bash", "dash", "zsh", "busybox"] {
        if !["/bin", "/usr/bin"]
            .iter()
            .any(|folder| Path::new(folder).join(shell).exists())
        {
            continue;
        }
        for bytes in NASTY {
            let line = text(publish(&broker(), &message("a\u{202e}b!%\\", bytes)));
            let called = if shell == "busybox" {
                let inner = line.replace('\'', r"'\''");
                run(&format!("busybox sh -c '{inner}'"))
            } else {
                run_with(shell, &line)
            };
            assert_eq!(payload(&called), bytes, "{shell}: {line}");
            assert_eq!(called.after("-t"), ["a\u{202e}b!%\\".as_bytes()]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_and_any_topic_come_through(bytes in proptest::collection::vec(any::<u8>(), 0..40), topic in "[^\\p{Cc}\\p{Cn}]{1,12}") {
        let line = text(publish(&broker(), &message(&topic, &bytes)));
        let called = run(&line);
        prop_assert_eq!(payload(&called), bytes);
        prop_assert_eq!(called.after("-t"), [topic.as_bytes()]);
    }

    #[test]
    fn any_text_comes_through(text in "[ -~\\n\\t]{0,40}|\\PC{0,20}") {
        let line = publish(&broker(), &message("t", text.as_bytes())).unwrap().text;
        prop_assert_eq!(payload(&run(&line)), text.as_bytes());
    }
}
