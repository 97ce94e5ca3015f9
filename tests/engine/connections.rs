//! What is captured on several connections, and belongs to one of them.

use crate::simulated::{SECOND, World, message, request};
use crate::told::Told;
use midge::link::{Command, Target};
use midge::protocol::Qos;

/// The delivery of the newest message: what the inspector shows of it.
fn steps(world: &mut World) -> Vec<String> {
    let list = world
        .ask()
        .and_then(|frame| frame.list().cloned())
        .expect("a list");
    let newest = list.rows.first().expect("a message").seq;
    world.say(Command::Inspect(Some(Target::Packet(newest))));
    let inspected = world.ask().and_then(|frame| frame.inspected().cloned());
    let steps = inspected.expect("inspected").delivery;
    steps.into_iter().map(|step| step.packet).collect()
}

/// A message of QoS 2 whose delivery a lost connection cuts off, and another under the same identifier on the next
/// connection, which says that it is sent again.
fn cut_off(clean_session: bool, session_present: bool) -> Vec<String> {
    let mut world = World::connected();
    let mut request = request();
    request.connect.clean_session = clean_session;
    world.say(Command::Connect(Box::new(request)));
    while world.storage_answers() {}
    world.open();
    while world.storage_answers() {}
    let mut bytes = message("t", b"1", Qos::ExactlyOnce, 7, false);
    world.broker_sends(&bytes);
    while world.storage_answers() {}
    world.broker.session_present = session_present;
    world.broker_closes();
    world.pass(30 * SECOND);
    world.open();
    while world.storage_answers() {}
    bytes[0] |= 8;
    world.broker_sends(&bytes);
    while world.storage_answers() {}
    steps(&mut world)
}

#[test]
fn a_delivery_goes_on_over_a_lost_connection_where_the_session_does() {
    assert_eq!(cut_off(true, false), ["PUBLISH", "PUBREC"]);
    assert_eq!(cut_off(false, false), ["PUBLISH", "PUBREC"]);
    let both = ["PUBLISH", "PUBREC", "PUBLISH", "PUBREC"];
    assert_eq!(cut_off(false, true), both);
}
