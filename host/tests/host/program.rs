//! The program itself: what it prints, how it ends.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

fn midge(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_midge"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env_remove("MIDGE_USERS");
    command
}

/// Ends the program with the test, whatever happens.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, option) in [
        (vec!["--port", &port], "--port"),
        (vec!["--port", "0", "--tcp", &port], "--tcp"),
    ] {
        let output = midge(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(
            words.contains(&format!("port {port} is already taken")),
            "{words}"
        );
        assert!(words.contains(option), "{words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    }
}

#[cfg(unix)]
#[test]
fn it_says_where_it_is_and_sigterm_ends_it_with_0() {
    let mut running = Running(midge(&["--port", "0", "--tcp", "0"]).spawn().unwrap());
    let stdout = running.0.stdout.take().unwrap();
    let mut lines = BufReader::new(stdout).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let address = first.strip_prefix("Midge is at http://127.0.0.1:").unwrap();
    let port: u16 = address.strip_suffix('/').unwrap().parse().unwrap();
    let second = lines.next().unwrap();
    assert_eq!(
        second,
        format!("MQTT over WebSocket: ws://127.0.0.1:{port}/mqtt")
    );
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("MQTT over TCP: mqtt://127.0.0.1:")
    );

    let id = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    let mut errors = String::new();
    let mut stderr = running.0.stderr.take().unwrap();
    stderr.read_to_string(&mut errors).unwrap();
    assert_eq!(errors, "");
}

#[test]
fn a_wrong_user_is_explained() {
    let output = midge(&["--user", "chen"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("NAME:PASSWORD"), "{words}");
}
