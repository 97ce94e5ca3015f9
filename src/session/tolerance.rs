//! Handling violations of the protocol. If the boundaries of packets are intact and the meaning is clear, the packet is
//! accepted, the violation is reported, and the connection continues. Otherwise the connection ends and is retried. In
//! strict mode every violation ends the connection for good. `docs/decisions/0016-tolerance.md` lists which violations
//! are which.

use super::state::State;
use super::suspicion::{What, what};
use super::trouble::{Breach, Violation};
use super::{Event, PacketRole, Trouble};
use crate::protocol::{
    Fault, FaultKind, Outline, PacketType, Qos, Version, claimed_topic, encode, flawed_answer,
    flawed_publish, matches, start_of_publish,
};

/// A packet that breaks a rule and was accepted.
#[derive(Debug)]
pub(super) enum Forgiven {
    /// A message, with the first of its faults. Its topic is [`State::flawed_topic`].
    Message(Outline, PacketRole, Fault),
    /// Anything else.
    Answer,
}

impl State {
    pub(super) fn strict(&self) -> bool {
        self.settings
            .as_ref()
            .is_some_and(|settings| settings.strict)
    }

    /// Reports a violation whose meaning is clear. An error in strict mode.
    pub(super) fn survive(&mut self, breach: Breach) -> Result<(), Breach> {
        if self.strict() {
            return Err(breach);
        }
        self.say(Event::Breach {
            detail: breach.detail.to_owned(),
            clause: breach.clause.to_owned(),
        });
        Ok(())
    }

    /// Accepts a packet with a fault, if possible. `None`: the connection has to end.
    #[cold]
    pub(super) fn forgive(&mut self, bytes: &[u8], fault: &Fault) -> Option<Forgiven> {
        if self.strict() || !self.is_connected() {
            return None;
        }
        let taken = if fault.packet_type == Some(PacketType::Publish) {
            let (outline, first) = flawed_publish(bytes, self.version())?;
            self.flawed_message(bytes, &outline, &first)
                .map(|role| Forgiven::Message(outline, role, first))
        } else {
            let answer = flawed_answer(bytes, self.version())?;
            self.say(Event::Breach {
                detail: fault.to_string(),
                clause: fault.clause().to_owned(),
            });
            self.controlled(answer).map(|()| Forgiven::Answer)
        };
        Some(taken.unwrap_or_else(|violation| {
            self.violated(violation, bytes);
            Forgiven::Answer
        }))
    }

    /// Acknowledges a message that breaks a rule, so that it is not sent again; in MQTT 5 with a reason code.
    fn flawed_message(
        &mut self,
        bytes: &[u8],
        outline: &Outline,
        fault: &Fault,
    ) -> Result<PacketRole, Violation> {
        let mut name = shown(outline.topic_name(bytes));
        // The alias is taken as given even if the topic is invalid, because later messages refer to it.
        self.arrivals.publish(outline, &name)?;
        if name.is_empty() {
            self.arrivals
                .name(outline.topic_alias)
                .clone_into(&mut name);
        }
        self.flawed_topic = name;
        let id = outline.packet_id;
        let five = self.version() == Version::V5;
        match outline.qos {
            Qos::AtMostOnce => {}
            _ if !five => return Ok(self.accept_message(outline.qos, id)),
            Qos::AtLeastOnce => self.refuse_message(PacketType::Puback, outline, fault),
            // If it was received before, this is a repeat. Otherwise the refusal ends the delivery for both sides at
            // once, and the identifier may be used for another message (MQTT 5 [MQTT-4.3.3-9]).
            Qos::ExactlyOnce if self.received.contains(id) => {
                return Ok(self.receive_exactly_once(id));
            }
            Qos::ExactlyOnce => {
                self.refuse_message(PacketType::Pubrec, outline, fault);
                self.arrivals.finished(id);
            }
        }
        Ok(PacketRole::Message)
    }

    fn refuse_message(&mut self, packet_type: PacketType, outline: &Outline, fault: &Fault) {
        let (id, code) = (outline.packet_id, fault.refusal(outline));
        let sent = self.send(PacketRole::Control, |out| {
            encode::acknowledge(packet_type, id, code, out)
        });
        debug_assert!(sent.is_ok(), "{sent:?}");
    }

    /// A packet larger than this client's limit was skipped. `start`: its first bytes. A message is acknowledged like
    /// any other, so that it is not sent again.
    #[cold]
    pub(super) fn passed_over(&mut self, start: &[u8], fault: Fault) {
        let FaultKind::PacketTooLarge { size, limit } = fault.kind else {
            return self.break_off(fault, start);
        };
        if !self.is_connected() {
            return self.violated(super::incoming::FIRST.into(), start);
        }
        let publish = fault.packet_type == Some(PacketType::Publish);
        let topic = match start_of_publish(start) {
            Some((topic, id)) => {
                let bits = start.first().map_or(0, |first| first >> 1 & 3);
                self.accept_message(Qos::from_bits(bits).unwrap_or_default(), id);
                Some(shown(topic))
            }
            None if publish => {
                let kind = FaultKind::LengthOverEnd;
                return self.break_off(Fault { kind, ..fault }, start);
            }
            None => None,
        };
        self.say(Event::PassedOver { topic, size, limit });
    }

    /// What came is not a packet, or none that can be taken.
    fn break_off(&mut self, fault: Fault, bytes: &[u8]) {
        self.hang_up_on(fault);
        self.malformed(fault, bytes);
    }

    /// Closes the socket because of something that is not a packet, or none that can be accepted. The data of the
    /// connection is kept until [`Self::malformed`] has used it to find the reason.
    pub(super) fn hang_up_on(&mut self, fault: Fault) {
        self.part(fault.reason_code());
        self.shut(4002, "malformed packet");
    }

    /// Decides what follows.
    pub(super) fn malformed(&mut self, fault: Fault, bytes: &[u8]) {
        let farewell = fault.kind == FaultKind::TypeNotAllowed
            && fault.packet_type == Some(PacketType::Disconnect);
        let detail = if farewell {
            "the broker said DISCONNECT, which only a client may say in this version".to_owned()
        } else {
            fault.to_string()
        };
        let trouble = match fault.kind {
            // Only in MQTT 5 does the broker know the limit.
            FaultKind::PacketTooLarge { size, limit } if self.version() != Version::V5 => {
                Trouble::TooLarge { size, limit }
            }
            _ => Trouble::Malformed {
                detail,
                clause: fault.clause().to_owned(),
            },
        };
        if farewell && self.is_connected() && !self.strict() {
            // The broker meant to end the connection, but used a packet that the version lacks. This is like closing
            // without one.
            self.thrown_out(false, trouble);
        } else {
            self.fall(trouble, what(&fault), bytes);
        }
    }

    /// A packet did something that the protocol does not allow at this moment, and the connection cannot continue.
    pub(super) fn violated(&mut self, violation: Violation, bytes: &[u8]) {
        self.part(violation.code);
        self.close(4002, "protocol error");
        let packet_type = bytes
            .first()
            .and_then(|first| PacketType::from_bits(first >> 4));
        let what = (packet_type, violation.breach.clause);
        self.fall(violation.breach.into(), what, bytes);
    }

    /// The connection ended because of what the broker sent. The next one may go better. If the same happens again and
    /// again, the filter that causes it is reported.
    fn fall(&mut self, trouble: Trouble, what: What, bytes: &[u8]) {
        let Some(trouble) = self.misanswered(trouble) else {
            return;
        };
        if self.strict() {
            return self.give_up(trouble);
        }
        if self.stage.accepted().is_none() {
            return self.retry_elsewhere(trouble);
        }
        let candidates = self.candidates(what, bytes);
        self.suspicion.broke(what, candidates);
        self.retry(trouble);
    }

    /// The filters that may have caused the broker to send this: those that match its topic, or all if that cannot be
    /// read.
    fn candidates(&self, (packet_type, _): What, bytes: &[u8]) -> Vec<String> {
        if !matches!(packet_type, None | Some(PacketType::Publish)) {
            return Vec::new();
        }
        let topic = claimed_topic(bytes)
            .and_then(|topic| str::from_utf8(topic).ok())
            .filter(|topic| !topic.is_empty());
        let wanted = || {
            let all = self.owed.subscriptions().wanted().iter();
            all.map(|wanted| wanted.filter.as_str())
        };
        let matching: Vec<String> = topic.map_or_else(Vec::new, |topic| {
            let matching = wanted().filter(|filter| matches(filter, topic));
            matching.map(str::to_owned).collect()
        });
        if matching.is_empty() {
            wanted().map(str::to_owned).collect()
        } else {
            matching
        }
    }
}

/// Makes a topic of arbitrary bytes readable: invalid UTF-8 and U+0000 are replaced. The original bytes are kept with
/// the packet. Replacement characters may be longer than what they replace, so the result is cut to the maximum length
/// of a topic.
fn shown(topic: &[u8]) -> String {
    let mut shown = String::from_utf8_lossy(topic).replace('\0', "\u{2400}");
    shown.truncate(shown.floor_char_boundary(usize::from(u16::MAX)));
    shown
}
