//! What the broker sends, packet by packet.

use super::keep_alive::KeepAlive;
use super::state::{Reached, Stage, State};
use super::subscriptions::Answer;
use super::trouble::Breach;
use super::{Delivery, Event, Grant, Trouble};
use crate::protocol::{Codes, Fault, FromBroker, Outline, PacketType, Qos, decode, encode};

impl State {
    /// Takes one valid packet: answers it, and says what it means to the application.
    pub(super) fn take(&mut self, bytes: &[u8], outline: &Outline) -> Result<Delivery, Fault> {
        let breach = if outline.packet_type == PacketType::Publish {
            if self.live() {
                return Ok(self.published(outline));
            }
            Some(Breach {
                detail: "PUBLISH before CONNACK",
                clause: "3.2 [MQTT-3.2.0-1]",
            })
        } else {
            self.controlled(decode(bytes, self.version())?).err()
        };
        if let Some(breach) = breach {
            self.close(4002, "protocol error");
            self.give_up(breach.into());
        }
        Ok(Delivery::Control)
    }

    fn published(&mut self, outline: &Outline) -> Delivery {
        let id = outline.packet_id;
        match outline.qos {
            Qos::AtMostOnce => Delivery::Message,
            Qos::AtLeastOnce => {
                self.send_plain(Delivery::Control, |out| encode::puback(id, out));
                Delivery::Message
            }
            Qos::ExactlyOnce => self.receive_exactly_once(id),
        }
    }

    fn controlled(&mut self, packet: FromBroker) -> Result<(), Breach> {
        match (packet, self.stage) {
            (FromBroker::Connack(connack), Stage::Greeting { since }) => {
                self.connack(connack.session_present, connack.code, since)
            }
            (_, Stage::Greeting { .. }) => Err(Breach {
                detail: "the first packet from the server is not CONNACK",
                clause: "3.2 [MQTT-3.2.0-1]",
            }),
            (FromBroker::Connack(_), _) => Err(Breach {
                detail: "a second CONNACK",
                clause: "3.2",
            }),
            (FromBroker::Puback(puback), _) => self.puback(puback),
            (FromBroker::Pubrec(pubrec), _) => self.pubrec(pubrec),
            (FromBroker::Pubcomp(pubcomp), _) => self.pubcomp(&pubcomp),
            (FromBroker::Pubrel(pubrel), _) => {
                self.pubrel(&pubrel);
                Ok(())
            }
            (FromBroker::Suback(suback), _) => self.suback(suback.packet_id, &suback.codes),
            (FromBroker::Disconnect(_) | FromBroker::Auth(_), _) => Ok(()),
            (FromBroker::Unsuback(Codes { packet_id: id, .. }), _) => {
                let gone = self.subscriptions.unsuback(id);
                if !gone.is_empty() {
                    self.identifiers.free(id);
                }
                for filter in gone {
                    self.say(Event::Unsubscribed {
                        filter,
                        code: 0,
                        reason: None,
                    });
                }
                self.ask();
                Ok(())
            }
            (FromBroker::Pingresp, _) => {
                let now = self.now;
                if let Some(time) = self
                    .keep_alive
                    .as_mut()
                    .and_then(|keep_alive| keep_alive.answered(now))
                {
                    self.round_trip = Some(time);
                }
                Ok(())
            }
        }
    }

    fn connack(&mut self, session_present: bool, code: u8, since: u64) -> Result<(), Breach> {
        let Some(settings) = &self.settings else {
            return Ok(());
        };
        let connect = &settings.connect;
        let (clean, seconds, timing) = (connect.clean_session, connect.keep_alive, settings.timing);
        if code != 0 {
            self.close(1000, "");
            let trouble = Trouble::Refused {
                code,
                reason: None,
                server_reference: None,
            };
            // 3 is "server unavailable", which may pass; the others do not change by themselves.
            if code == 3 {
                self.retry(trouble)
            } else {
                self.give_up(trouble)
            }
            return Ok(());
        }
        if session_present && clean {
            return Err(Breach {
                detail: "CONNACK with session present for a clean session",
                clause: "3.2.2.2 [MQTT-3.2.2-1]",
            });
        }
        self.round_trip = Some(self.now.saturating_sub(since));
        self.keep_alive = Some(KeepAlive::new(seconds, &timing, self.now));
        self.reached = Reached::Accepted;
        self.trouble = None;
        self.session_present = session_present;
        self.enter(Stage::Live { since: self.now });
        self.say(Event::Connected {
            session_present,
            version: self.version(),
        });
        self.take_up(session_present);
        Ok(())
    }

    fn suback(&mut self, id: u16, codes: &[u8]) -> Result<(), Breach> {
        let Some(answers) = self.subscriptions.suback(id, codes)? else {
            return Ok(());
        };
        self.identifiers.free(id);
        for Answer { filter, grant } in answers {
            match grant {
                Grant::Granted(qos) => self.say(Event::Granted { filter, qos }),
                Grant::Refused(code) => self.say(Event::Refused {
                    filter,
                    code,
                    reason: None,
                }),
                Grant::Asleep | Grant::Asked => {}
            }
        }
        self.ask();
        Ok(())
    }
}
