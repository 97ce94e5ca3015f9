//! What is told aloud, how often, and what the title of the tab says.

use midge::{
    desk::telling::{Telling, Told, title},
    link::Phase,
};

#[test]
fn the_connection_is_told_when_it_comes_is_lost_and_ends() {
    let mut telling = Telling::default();
    assert_eq!(telling.phase(Phase::Disconnected, 0, 0.0), None);
    assert_eq!(telling.phase(Phase::Connecting, 0, 1.0), None);
    assert_eq!(
        telling.phase(Phase::Connected, 0, 2.0),
        Some(Told::Connected)
    );
    assert_eq!(telling.phase(Phase::Connected, 5, 3.0), None);
    assert_eq!(telling.phase(Phase::Waiting, 5, 4.0), Some(Told::Lost));
    // Each further try is not told.
    assert_eq!(telling.phase(Phase::Connecting, 5, 5.0), None);
    assert_eq!(telling.phase(Phase::Waiting, 5, 6.0), None);
    assert_eq!(
        telling.phase(Phase::Connected, 5, 7.0),
        Some(Told::Connected)
    );
    assert_eq!(
        telling.phase(Phase::Disconnected, 5, 8.0),
        Some(Told::Ended)
    );
    // The alert says why.
    assert_eq!(telling.phase(Phase::Failed, 5, 9.0), None);
}

#[test]
fn new_messages_are_told_in_one_number_and_seldom() {
    let mut telling = Telling::default();
    telling.phase(Phase::Connected, 10, 100_000.0);
    assert_eq!(telling.time(12, 101_000.0), None);
    assert_eq!(telling.time(13, 102_000.0), Some(Told::New(3)));
    let mut told = 0;
    for second in 103..163 {
        let received = 13 + (second - 102) * 1_000;
        if let Some(Told::New(new)) = telling.time(received, second as f64 * 1_000.0) {
            assert_eq!(new, 15_000);
            told += 1;
        }
    }
    assert_eq!(told, 4);
}

#[test]
fn where_nothing_comes_nothing_is_told() {
    let mut telling = Telling::default();
    telling.phase(Phase::Connected, 0, 0.0);
    for second in 0..100 {
        assert_eq!(telling.time(0, f64::from(second) * 1_000.0), None);
    }
    // The first after a long silence is told at once.
    assert_eq!(telling.time(1, 200_000.0), Some(Told::New(1)));
    // What was cleared is not told again, and not less than nothing.
    assert_eq!(telling.time(0, 300_000.0), None);
    assert_eq!(telling.time(2, 301_000.0), Some(Told::New(2)));
    telling.phase(Phase::Waiting, 2, 302_000.0);
    assert_eq!(telling.time(9, 400_000.0), None);
}

#[test]
fn the_title_has_what_is_unread_the_state_and_the_broker() {
    let at = "wss://broker.example:8084/mqtt?token=secret";
    assert_eq!(
        title(12, Some("Connected"), at),
        "(12) Connected · broker.example:8084 · Midge"
    );
    assert_eq!(
        title(0, Some("Connected"), "ws://[::1]:9001"),
        "Connected · [::1]:9001 · Midge"
    );
    assert_eq!(title(0, None, ""), "Midge");
    assert_eq!(title(3, None, ""), "(3) Midge");
}

#[test]
fn no_secret_of_an_address_comes_into_the_title() {
    for address in [
        "wss://me:secret@host/mqtt",
        "ws://host?secret",
        "ws://host#secret",
        "ws://host/secret",
    ] {
        let title = title(0, Some("Connected"), address);
        assert_eq!(title, "Connected · host · Midge", "{address}");
    }
}
