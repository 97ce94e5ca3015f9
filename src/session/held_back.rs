//! Messages that are held back: the broker closed the connection each time they were sent. They are not sent again until the
//! user says so, and the session works meanwhile. Knows no connection.

use super::in_flight::Released;
use super::queue::Publication;
use crate::protocol::Qos;

/// One delivery that is held back.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// A message, with the packet identifier that it has in the session at the broker; `None`: that session is gone.
    Message(Option<u16>, Publication),
    /// PUBREL of a message that the broker has.
    Release(Released),
}

/// A message that is held back, for the user.
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

/// All of them, the first that was held back first.
#[derive(Clone, Debug, Default)]
pub(super) struct HeldBack {
    all: Vec<Held>,
    /// Packet identifiers of QoS 2 messages that were dropped. The session at the broker may know them: a new message under
    /// one of them could be taken for a repeat, so they stay in use for as long as that session.
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

    /// Takes the one of this number out.
    pub(super) fn take(&mut self, number: u32) -> Option<Held> {
        let at = self.all.iter().position(|held| held.number() == number)?;
        Some(self.all.remove(at))
    }

    pub(super) fn take_all(&mut self) -> Vec<Held> {
        std::mem::take(&mut self.all)
    }

    /// A QoS 2 message under this packet identifier was dropped.
    pub(super) fn spend(&mut self, id: u16) {
        self.spent.push(id);
    }

    /// The session at the broker is over: the packet identifiers that are free now.
    pub(super) fn take_spent(&mut self) -> Vec<u16> {
        std::mem::take(&mut self.spent)
    }
}
