//! What the user asks for.

use super::in_flight::Flight;
use super::outbox::Queued;
use super::state::{Reached, Stage, State};
use super::tries::Tries;
use super::{Delivery, Event, Message, PublishFault, Settings, Trouble};
use crate::protocol::{EncodeError, PublishParts, Qos, encode};

impl State {
    /// Begins a connection with these settings; ends any earlier one first.
    pub(super) fn connect(&mut self, settings: Box<Settings>) {
        self.leave();
        if self
            .settings
            .as_ref()
            .is_some_and(|earlier| !earlier.same_session(&settings))
        {
            self.discard_session();
            self.known = false;
        }
        self.tries = Tries::new(settings.connect.version);
        (self.asked_for, self.start_clean) = (true, false);
        self.ends = settings.ends();
        self.lost_at = None;
        self.attempt = 0;
        self.failures = 0;
        self.round_trip = None;
        self.reached = Reached::Nothing;
        self.trouble = None;
        // A scratch CONNECT: what cannot be written is said before a socket is opened for it.
        let unwritable = encode::connect(&settings.connect, &mut Vec::new()).err();
        self.settings = Some(settings);
        match unwritable {
            Some(error) => self.give_up(Trouble::Settings {
                detail: error.to_string(),
            }),
            None => self.begin(),
        }
    }

    /// Ends the connection, and wants no other.
    pub(super) fn disconnect(&mut self) {
        self.leave();
        self.trouble = None;
        self.attempt = 0;
        self.lost_at = None;
        self.enter(Stage::Idle);
    }

    /// Says DISCONNECT where there is a connection [MQTT-3.14.4-1], and closes the socket.
    fn leave(&mut self) {
        if self.live() {
            self.send_plain(Delivery::Control, encode::disconnect);
        }
        self.close(1000, "");
        // A clean session ends with the connection (MQTT 3.1.1 [MQTT-3.1.2-6]), in MQTT 5 one without an expiry interval
        // (section 3.1.2.11.2); so does what was waiting for the next one.
        if self.settings.is_some() && self.ends {
            self.discard_session();
            self.known = false;
        }
    }

    /// Does not wait for the next try any longer, or tries again after giving up.
    pub(super) fn try_now(&mut self) {
        if matches!(
            self.stage,
            Stage::Waiting { .. } | Stage::Probing { .. } | Stage::Failed
        ) {
            match &self.trouble {
                // The same settings would fail the same way.
                Some(Trouble::Settings { .. }) => {}
                _ => self.begin(),
            }
        }
    }

    pub(super) fn publish(&mut self, message: &Message) {
        let number = message.number;
        if let Err(why) = self.try_publish(message) {
            self.say(Event::PublishFailed { number, why });
        }
    }

    fn try_publish(&mut self, message: &Message) -> Result<(), PublishFault> {
        if !self.live() {
            return Err(PublishFault::NotConnected);
        }
        let Message {
            number,
            topic,
            payload,
            qos,
            retain,
            properties: _,
        } = message;
        let mut parts = PublishParts {
            topic,
            payload,
            qos: *qos,
            retain: *retain,
            dup: false,
            packet_id: 0,
            properties: None,
            topic_alias: None,
        };
        let version = self.version();
        if *qos == Qos::AtMostOnce {
            self.send(Delivery::Publication(*number), |out| {
                encode::publish(&parts, version, out)
            })
            .map_err(publish_fault)?;
            self.say(Event::Published { number: *number });
            return Ok(());
        }
        let id = self.identifiers.take().ok_or(PublishFault::NoIdentifier)?;
        parts.packet_id = id;
        let mut packet = Vec::new();
        if let Err(error) = encode::publish(&parts, version, &mut packet) {
            self.identifiers.free(id);
            return Err(publish_fault(error));
        }
        self.in_flight.push(Flight {
            id,
            number: *number,
            qos: *qos,
            packet,
        });
        self.pump();
        Ok(())
    }

    /// Begins a try at the address whose turn it is.
    pub(super) fn begin(&mut self) {
        self.tries.begin();
        self.attempt = self.attempt.saturating_add(1);
        self.open();
    }

    /// Asks for a new socket.
    pub(super) fn open(&mut self) {
        self.socket = self.socket.wrapping_add(1);
        self.reached = Reached::Opening;
        self.outbox.push(Queued::Open {
            socket: self.socket,
        });
        self.enter(Stage::Opening { since: self.now });
    }
}

fn publish_fault(error: EncodeError) -> PublishFault {
    match error {
        EncodeError::Topic(_) => PublishFault::Topic,
        _ => PublishFault::TooLarge,
    }
}
