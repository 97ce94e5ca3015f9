//! Publications, single or as a series: turns a command of the page into messages for the session, and keeps which number
//! of the page belongs to which number of the session.

use super::{
    Engine,
    pending::{Pending, chosen},
    series::{Running, Source},
};
use crate::{
    link::{Notice, Publication, PublishTrouble},
    payload,
    protocol::{self, PublishProperties},
    session::{self, FIRST_RESTORED, Input, Message, Phase},
};

impl Engine {
    /// A publication is finished.
    pub(super) fn finish(&mut self, number: u32) -> Option<Pending> {
        let pending = self.pending.remove(&number)?;
        if pending.series
            && let Some(series) = self
                .series
                .iter_mut()
                .find(|series| series.number == pending.number)
        {
            series.unfinished = series.unfinished.saturating_sub(1);
        }
        Some(pending)
    }

    /// Publications of an earlier page were restored, under numbers that the session chose.
    pub(super) fn take_up(&mut self, publications: &[u32]) {
        for number in publications {
            self.pending.insert(*number, Pending::default());
        }
    }

    fn refuse(&mut self, number: u32, why: PublishTrouble) {
        let numbers = number..=number;
        self.page
            .notices
            .push(Notice::PublishFailed { numbers, why });
    }

    pub(super) fn publish_once(&mut self, now: u64, publication: Publication) {
        let number = publication.number;
        match Source::new(publication.payload) {
            Err(error) => self.refuse(number, template_error(error)),
            Ok(source) => {
                let seq = if source.counts() {
                    self.numbering.next(&publication.topic)
                } else {
                    1
                };
                let message = Message {
                    number: 0,
                    topic: publication.topic,
                    payload: source.payload(seq, now, &mut self.rng),
                    qos: publication.qos,
                    retain: publication.retain,
                    properties: chosen(publication.properties),
                };
                self.publish(now, number, false, message);
            }
        }
    }

    fn publish(&mut self, now: u64, number: u32, series: bool, message: Message) {
        let own = self.free_number();
        self.pending.insert(
            own,
            Pending {
                number,
                series,
                seq: None,
            },
        );
        let message = Message {
            number: own,
            ..message
        };
        self.tell(now, Input::Publish(message));
    }

    /// A new number for the session. The page's number does not do, because it may stand for a whole series.
    fn free_number(&mut self) -> u32 {
        loop {
            self.next_number = match self.next_number + 1 {
                FIRST_RESTORED.. => 1,
                next => next,
            };
            // There are far fewer unfinished publications than numbers, so this ends.
            if !self.pending.contains_key(&self.next_number) {
                return self.next_number;
            }
        }
    }

    pub(super) fn start(&mut self, now: u64, publication: Publication, every_ms: u32) {
        let number = publication.number;
        let body = publication.payload.clone();
        match Source::new(body) {
            Err(error) => self.refuse(number, template_error(error)),
            Ok(_) if protocol::check_topic_name(&publication.topic).is_err() => {
                self.refuse(number, PublishTrouble::Topic);
            }
            Ok(source) => {
                self.series.retain(|series| series.number != number);
                self.series
                    .push(Running::new(publication, source, every_ms, now));
                self.run_series(now);
            }
        }
    }

    pub(super) fn run_series(&mut self, now: u64) {
        let mut index = 0;
        while self.session.phase() == Phase::Connected
            && let Some(series) = self.series.get_mut(index)
        {
            let number = series.number;
            if series.take_due(now, self.session.is_send_buffer_full()) {
                series.sent += 1;
                series.unfinished += 1;
                let message = Message {
                    number: 0,
                    topic: series.topic.clone(),
                    payload: series.source.payload(series.sent, now, &mut self.rng),
                    qos: series.qos,
                    retain: series.retain,
                    properties: PublishProperties::clone(&series.properties),
                };
                self.publish(now, number, true, message);
            }
            // A series that failed was removed, so the next one is at this position now.
            if self
                .series
                .get(index)
                .is_some_and(|series| series.number == number)
            {
                index += 1;
            }
        }
    }
}

pub(super) fn publish_fault(why: session::PublishFault) -> PublishTrouble {
    match why {
        session::PublishFault::NotConnected => PublishTrouble::NotConnected,
        session::PublishFault::QueueFull => PublishTrouble::QueueFull,
        session::PublishFault::Expired => PublishTrouble::Expired,
        session::PublishFault::Cut => PublishTrouble::Cut,
        session::PublishFault::Forbidden(why) => PublishTrouble::Forbidden(why),
        session::PublishFault::Topic => PublishTrouble::Topic,
        session::PublishFault::TooLarge => PublishTrouble::TooLarge,
        session::PublishFault::NoIdentifier => PublishTrouble::NoIdentifier,
    }
}

fn template_error(error: payload::TemplateError) -> PublishTrouble {
    PublishTrouble::Template {
        at: u32::try_from(error.at).unwrap_or(u32::MAX),
        what: error.what,
    }
}
