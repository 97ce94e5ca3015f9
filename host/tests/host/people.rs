//! Users and rules of mosquitto's own files: the same answers as mosquitto gives, and read again when they change.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bytes::BytesMut;
use clap::Parser;
use midge_host::{Midge, Options};
use mqttbytes::QoS;
use mqttbytes::v4::{Connect, ConnectReturnCode, LastWill, Packet, Publish, read};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::client::{LIMIT, packet, publish_packet, subscribe_packet};
use crate::midge;

/// After so long nothing more is expected.
const QUIET: Duration = Duration::from_millis(400);

const RULES: &str = "\
# For those without a name
topic read open/#
topic write drop

user root
topic readwrite #
topic read $SYS/#

user chen
topic a/b
topic read a/+/c
topic write w/#
topic readwrite a/b/#
topic deny a/b/secret
topic read $SYS/broker/version
topic readwrite two words

user ana
topic read a/#

user +
topic read a/#

pattern read own/%u/#
pattern write by/%c/+
pattern readwrite both/%u/%c
pattern deny never/#
pattern read $SYS/broker/uptime
";

const TOPICS: [&str; 20] = [
    "open",
    "open/x",
    "drop",
    "a/b",
    "a/x/c",
    "a/b/c",
    "a/b/secret",
    "a/b/z",
    "w",
    "w/x",
    "own/chen/1",
    "own/ana/1",
    "own/x/1",
    "by/c1/x",
    "by/c2/x",
    "both/chen/c1",
    "both/ana/c2",
    "never/x",
    "two words",
    "nobody/knows",
];

/// Name and password, and the client identifier.
const GUESTS: [(Option<(&str, &str)>, &str); 6] = [
    (Some(("chen", "tea")), "c1"),
    (Some(("ana", "milk")), "c2"),
    (Some(("ana", "milk")), "c1"),
    (Some(("ana", "milk")), "#"),
    (Some(("+", "plus")), "c4"),
    (Some(("bo", "water")), "c2"),
];

struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let name = format!("midge-people-{}-{}", std::process::id(), fastrand::u64(..));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.at(name)
    }

    /// A file of `mosquitto_passwd`, with both kinds of hashes.
    fn passwords(&self) -> String {
        let file = self.write("passwords", "");
        for (name, password, kind) in [
            ("root", "root", "sha512-pbkdf2"),
            ("chen", "tea", "sha512-pbkdf2"),
            ("ana", "milk", "sha512"),
            ("+", "plus", "sha512-pbkdf2"),
            ("bo", "water", "sha512"),
        ] {
            let done = Command::new("mosquitto_passwd")
                .args(["-H", kind, "-b", &file, name, password])
                .output()
                .unwrap();
            assert!(done.status.success(), "{done:?}");
        }
        file
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Mosquitto(Child, u16);

impl Mosquitto {
    async fn start(folder: &Folder, more: &str) -> Mosquitto {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let user = if is_root() { "user root\n" } else { "" };
        let lines = format!(
            "listener {port} 127.0.0.1\nsocket_domain ipv4\npersistence false\nsys_interval 1\n{user}{more}"
        );
        let file = folder.write("mosquitto.conf", &lines);
        let path = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"]
            .into_iter()
            .find(|path| std::path::Path::new(path).exists())
            .expect("mosquitto");
        let child = Command::new(path)
            .args(["-c", &file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mosquitto = Mosquitto(child, port);
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(began.elapsed() < LIMIT, "mosquitto does not listen");
            sleep(Duration::from_millis(20)).await;
        }
        mosquitto
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Started by root, mosquitto would become another user, who may not read the folder.
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.starts_with(b"0\n")
}

/// A client over plain TCP, with whichever broker.
struct Guest {
    stream: TcpStream,
    received: BytesMut,
}

impl Guest {
    /// `None`: it is not let in, by whatever answer.
    async fn come(
        port: u16,
        login: Option<(&str, &str)>,
        id: &str,
        will: Option<&str>,
    ) -> Option<Guest> {
        let mut connect = Connect::new(id);
        connect.keep_alive = 60;
        if let Some((name, password)) = login {
            connect.set_login(name, password);
        }
        connect.last_will = will.map(|topic| LastWill::new(topic, "gone", QoS::AtMostOnce, false));
        let mut guest = Guest {
            stream: TcpStream::connect(("127.0.0.1", port)).await.unwrap(),
            received: BytesMut::new(),
        };
        guest.say(&packet(|bytes| connect.write(bytes))).await;
        match guest.hear(LIMIT).await {
            Some(Packet::ConnAck(connack)) => {
                (connack.code == ConnectReturnCode::Success).then_some(guest)
            }
            None => None,
            other => panic!("not CONNACK: {other:?}"),
        }
    }

    async fn say(&mut self, bytes: &[u8]) {
        timeout(LIMIT, self.stream.write_all(bytes))
            .await
            .unwrap()
            .unwrap();
    }

    /// The next packet. `None`: nothing so long, or the end.
    async fn hear(&mut self, within: Duration) -> Option<Packet> {
        let until = Instant::now() + within;
        loop {
            match read(&mut self.received, 1024 * 1024) {
                Ok(packet) => return Some(packet),
                Err(mqttbytes::Error::InsufficientBytes(_)) => {}
                Err(error) => panic!("malformed: {error:?}"),
            }
            let more = tokio::time::timeout_at(until, self.stream.read_buf(&mut self.received));
            match more.await {
                Err(_) | Ok(Ok(0) | Err(_)) => return None,
                Ok(Ok(_)) => {}
            }
        }
    }

    async fn subscribe(&mut self, filter: &str) {
        self.say(&subscribe_packet(filter, QoS::AtMostOnce)).await;
        match self.hear(LIMIT).await {
            Some(Packet::SubAck(_)) => {}
            other => panic!("not SUBACK: {other:?}"),
        }
    }

    /// The topics of all that comes, until nothing comes any more.
    async fn topics(&mut self) -> BTreeSet<String> {
        let mut topics = BTreeSet::new();
        while let Some(packet) = self.hear(QUIET).await {
            if let Packet::Publish(Publish { topic, .. }) = packet {
                topics.insert(topic);
            }
        }
        topics
    }
}

/// What each guest may read, read of what is retained, write, and leave as a will; and what of `$SYS`.
async fn answers(port: u16, root: Option<(&str, &str)>) -> Vec<String> {
    let mut answers = Vec::new();
    let mut root = Guest::come(port, root, "root", None).await.unwrap();
    root.subscribe("#").await;
    for topic in TOPICS {
        let mut kept = Publish::new(topic, QoS::AtMostOnce, "kept");
        kept.retain = true;
        root.say(&packet(|bytes| kept.write(bytes))).await;
    }
    root.topics().await;
    // Both have told of themselves by then.
    let mut sys = Guest::come(port, Some(("root", "root")), "sys", None)
        .await
        .unwrap();
    sys.subscribe("$SYS/broker/uptime").await;
    assert!(matches!(
        sys.hear(LIMIT * 2).await,
        Some(Packet::Publish(_))
    ));
    for (login, id) in GUESTS {
        let who = format!("{login:?} {id}");
        let mut guest = Guest::come(port, login, id, None).await.unwrap();
        guest.subscribe("#").await;
        answers.push(format!(
            "{who} is given of what is kept {:?}",
            guest.topics().await
        ));
        for topic in TOPICS {
            root.say(&publish_packet(topic, QoS::AtMostOnce, b"live"))
                .await;
        }
        answers.push(format!("{who} reads {:?}", guest.topics().await));
        root.topics().await;
        for topic in TOPICS {
            guest
                .say(&publish_packet(topic, QoS::AtMostOnce, b"said"))
                .await;
        }
        answers.push(format!("{who} writes {:?}", root.topics().await));
        guest.topics().await;
        guest.subscribe("$SYS/broker/#").await;
        let sys = guest.topics().await;
        let of_sys = ["version", "uptime", "clients/total"]
            .map(|name| sys.contains(&format!("$SYS/broker/{name}")));
        answers.push(format!("{who} reads of $SYS {of_sys:?}"));
        drop(guest);
        for will in ["a/b", "w/x", "never/x", "by/c1/x"] {
            // Not let in, or let in and gone without a word.
            drop(Guest::come(port, login, id, Some(will)).await);
            let left = root.topics().await;
            answers.push(format!("{who} leaves at {will}: {left:?}"));
        }
        root.topics().await;
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_mosquitto_give_the_answers_that_mosquitto_gives() {
    let folder = Folder::new();
    let (passwords, rules) = (folder.passwords(), folder.write("acl", RULES));
    let lines = format!("allow_anonymous false\npassword_file {passwords}\nacl_file {rules}\n");
    let theirs = Mosquitto::start(&folder, &lines).await;
    let ours = midge(&[
        "--tcp",
        "0",
        "--password-file",
        &passwords,
        "--acl-file",
        &rules,
    ])
    .await;
    let ours = ours.tcp_port().unwrap();
    for login in [
        None,
        Some(("chen", "")),
        Some(("chen", "milk")),
        Some(("chen", "tea")),
        Some(("ana", "milk")),
        Some(("ana", "milk ")),
        Some(("nobody", "tea")),
        Some(("", "tea")),
    ] {
        let came = [theirs.1, ours].map(|port| Guest::come(port, login, "who", None));
        let [theirs, ours] = came;
        assert_eq!(theirs.await.is_some(), ours.await.is_some(), "{login:?}");
    }
    let root = Some(("root", "root"));
    let (theirs, ours) = tokio::join!(answers(theirs.1, root), answers(ours, root));
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
    assert!(
        theirs
            .iter()
            .any(|answer| answer.contains("c1 writes {\"a/b\"")),
        "{theirs:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_without_users_hold_for_the_names_that_clients_give() {
    let folder = Folder::new();
    let rules = folder.write("acl", RULES);
    let theirs = Mosquitto::start(
        &folder,
        &format!("allow_anonymous true\nacl_file {rules}\n"),
    )
    .await;
    let ours = midge(&["--tcp", "0", "--acl-file", &rules]).await;
    for (login, id) in [
        (None, "c1"),
        (Some(("chen", "")), "c1"),
        (Some(("bo", "")), "c2"),
    ] {
        let mut seen = Vec::new();
        for port in [theirs.1, ours.tcp_port().unwrap()] {
            let mut root = Guest::come(port, Some(("root", "")), "root", None)
                .await
                .unwrap();
            root.subscribe("#").await;
            let mut guest = Guest::come(port, login, id, None).await.unwrap();
            guest.subscribe("#").await;
            for topic in TOPICS {
                root.say(&publish_packet(topic, QoS::AtMostOnce, b"live"))
                    .await;
            }
            let read = guest.topics().await;
            root.topics().await;
            for topic in TOPICS {
                guest
                    .say(&publish_packet(topic, QoS::AtMostOnce, b"said"))
                    .await;
            }
            seen.push((read, root.topics().await));
        }
        assert_eq!(seen[0], seen[1], "{login:?} {id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_read_again_when_they_change_and_a_fault_changes_nothing() {
    let folder = Folder::new();
    let passwords = folder.passwords();
    let rules = folder.write("acl", "user chen\ntopic read a\nuser ana\ntopic a\n");
    let midge = midge(&[
        "--tcp",
        "0",
        "--password-file",
        &passwords,
        "--acl-file",
        &rules,
    ])
    .await;
    let port = midge.tcp_port().unwrap();
    let mut chen = Guest::come(port, Some(("chen", "tea")), "chen", None)
        .await
        .unwrap();
    chen.subscribe("#").await;
    let mut ana = Guest::come(port, Some(("ana", "milk")), "ana", None)
        .await
        .unwrap();
    /// Says it until chen hears of it, or does not in time.
    async fn reaches(from: &mut Guest, to: &mut Guest, topic: &str, within: Duration) -> bool {
        let until = Instant::now() + within;
        while Instant::now() < until {
            from.say(&publish_packet(topic, QoS::AtMostOnce, b"x"))
                .await;
            if to.topics().await.contains(topic) {
                return true;
            }
        }
        false
    }
    assert!(reaches(&mut ana, &mut chen, "a", LIMIT).await);
    // Longer than it takes to look.
    let looked = Duration::from_secs(3);
    folder.write("acl", "user chen\ntopic read b\nuser ana\ntopic b\n");
    assert!(reaches(&mut ana, &mut chen, "b", LIMIT).await);
    assert!(!reaches(&mut ana, &mut chen, "a", QUIET).await);
    folder.write("acl", "user chen\ntopic read a\nuser ana\ntopics a\n");
    assert!(!reaches(&mut ana, &mut chen, "a", looked).await);
    assert!(reaches(&mut ana, &mut chen, "b", LIMIT).await);
    // Who is no user any more comes in no more, and does nothing more where it is in.
    let without: String = std::fs::read_to_string(&passwords)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("ana:"))
        .map(|line| format!("{line}\n"))
        .collect();
    folder.write("passwords", &without);
    let began = Instant::now();
    while Guest::come(port, Some(("ana", "milk")), "again", None)
        .await
        .is_some()
    {
        assert!(began.elapsed() < LIMIT, "ana still comes in");
        sleep(Duration::from_millis(300)).await;
    }
    assert!(!reaches(&mut ana, &mut chen, "b", QUIET).await);
    assert!(
        Guest::come(port, Some(("chen", "tea")), "chen2", None)
            .await
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_told_at_the_start_with_its_file_and_its_line_and_not_what_stands_there() {
    let folder = Folder::new();
    let (passwords, rules) = (
        folder.write("passwords", "\nchen:tea\n"),
        folder.write("acl", "topic a#\n"),
    );
    for (option, file, line) in [
        ("--password-file", &passwords, 2),
        ("--acl-file", &rules, 1),
    ] {
        let started =
            Midge::start(Options::parse_from(["midge", "--port", "0", option, file])).await;
        let told = started.err().unwrap().to_string();
        assert!(told.contains(&format!("{file}, line {line}: ")), "{told}");
        assert!(!told.contains("tea"), "{told}");
    }
    let gone = folder.at("gone");
    let started = Midge::start(Options::parse_from([
        "midge",
        "--port",
        "0",
        "--password-file",
        &gone,
    ]))
    .await;
    assert!(started.err().unwrap().to_string().contains(&gone));
}

#[tokio::test(flavor = "multi_thread")]
async fn midge_passwd_writes_what_mosquitto_and_midge_take() {
    use std::io::Write;
    let folder = Folder::new();
    let file = folder.at("made");
    for (name, password) in [("chen", "coffee"), ("ana", "milk"), ("chen", "tea")] {
        let mut passwd = Command::new(env!("CARGO_BIN_EXE_midge"))
            .args(["passwd", &file, name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = passwd.stdin.take().unwrap();
        writeln!(input, "{password}").unwrap();
        drop(input);
        let done = passwd.wait_with_output().unwrap();
        assert!(done.status.success(), "{done:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(!text.contains("tea") && !text.contains("coffee"));
    let lines = format!("allow_anonymous false\npassword_file {file}\n");
    let theirs = Mosquitto::start(&folder, &lines).await;
    let ours = midge(&["--tcp", "0", "--password-file", &file]).await;
    for port in [theirs.1, ours.tcp_port().unwrap()] {
        for (login, is_right) in [
            (("chen", "tea"), true),
            (("chen", "coffee"), false),
            (("ana", "milk"), true),
        ] {
            let came = Guest::come(port, Some(login), "who", None).await;
            assert_eq!(came.is_some(), is_right, "{login:?}");
        }
    }
}
