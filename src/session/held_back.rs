//! Messages that are held back, because the broker closed the connection each time they were sent. They are not sent
//! again until the user asks for it, so that everything else can go on. Knows no connection.

use super::in_flight::Released;
use super::queue::Publication;
use crate::protocol::Qos;

/// One delivery that is held back.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// A message, with its packet identifier in the session at the broker; `None`: that session is gone.
    Message(Option<u16>, Publication),
    /// PUBREL of a message that the broker has.
    Release(Released),
}

/// A held-back message, as shown to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldMessage<'a> {
    /// Its number.
    pub number: u32,
    /// Topic name. `None`: the broker has the message already, and it is not kept here.
    pub topic: Option<&'a str>,
    /// What it takes, in bytes: topic, payload and properties.
    pub size: usize,
    /// Quality of service.
    pub qos: Qos,
    /// When it was published, in microseconds.
    pub published_at: u64,
}

impl Held {
    pub(super) fn number(&self) -> u32 {
        match self {
            Self::Message(_, publication) => publication.message.number,
            Self::Release(released) => released.number,
        }
    }

    fn shown(&self) -> HeldMessage<'_> {
        match self {
            Self::Message(_, publication) => HeldMessage {
                number: publication.message.number,
                topic: Some(&publication.message.topic),
                size: publication.size(),
                qos: publication.message.qos,
                published_at: publication.queued_at,
            },
            Self::Release(released) => HeldMessage {
                number: released.number,
                topic: None,
                size: 0,
                qos: Qos::ExactlyOnce,
                published_at: 0,
            },
        }
    }
}

/// All of them, in the order in which they were held back.
#[derive(Clone, Debug, Default)]
pub(super) struct HeldBack {
    all: Vec<Held>,
    /// Packet identifiers of QoS 2 messages that were discarded. The session at the broker may still know them and
    /// would take a new message with one of them for a repeat, so they stay in use as long as that session.
    spent: Vec<u16>,
}

impl HeldBack {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Held> {
        self.all.iter()
    }

    pub(super) fn shown(&self) -> impl Iterator<Item = HeldMessage<'_>> {
        self.all.iter().map(Held::shown)
    }

    pub(super) fn push(&mut self, held: Held) {
        self.all.push(held);
    }

    /// Removes and returns the one with this number.
    pub(super) fn take(&mut self, number: u32) -> Option<Held> {
        let at = self.all.iter().position(|held| held.number() == number)?;
        Some(self.all.remove(at))
    }

    pub(super) fn take_all(&mut self) -> Vec<Held> {
        std::mem::take(&mut self.all)
    }

    /// A QoS 2 message with this packet identifier was discarded.
    pub(super) fn spend(&mut self, id: u16) {
        self.spent.push(id);
    }

    /// The session at the broker is over. Returns the packet identifiers that are free now.
    pub(super) fn take_spent(&mut self) -> Vec<u16> {
        std::mem::take(&mut self.spent)
    }
}
