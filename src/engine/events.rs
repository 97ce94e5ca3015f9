//! Handles the outputs of the session: packets go to the capture and to the socket, changes to storage, events to the
//! page.

use super::{Engine, pending::Pending, publishing::publish_fault, shown};
use crate::{
    capture::{Closing, Crossing, Opening},
    link::{Notice, PublishTrouble, RemarkOn},
    protocol::Direction,
    session::{Event, Input, Output, PacketRole, SocketEvent},
};

impl Engine {
    /// Gives the session one input, and handles all outputs that follow.
    pub(super) fn tell(&mut self, now: u64, input: Input<'_>) {
        self.now = now;
        let connects = matches!(input, Input::Connect { .. });
        self.wire.begin();
        self.session.handle(now, input);
        while let Some(output) = self.session.poll() {
            self.page.dirty = true;
            match output {
                Output::Packet {
                    direction,
                    bytes,
                    outline,
                    topic,
                    role,
                } => {
                    let repeat = role == PacketRole::Repeat;
                    let seq = self.capture.append(Crossing {
                        time_us: now,
                        direction,
                        version: self.version,
                        topic,
                        bytes,
                        outline: &outline,
                        repeat,
                    });
                    if direction == Direction::Outgoing {
                        self.wire.send(bytes);
                        if let PacketRole::Publication(number) = role
                            && let Some(pending) = self.pending.get_mut(&number)
                        {
                            pending.seq = Some(seq);
                        }
                    } else {
                        self.came = Some(seq);
                    }
                }
                Output::Flawed {
                    bytes,
                    outline,
                    topic,
                    role,
                    fault,
                } => {
                    let repeat = role == PacketRole::Repeat;
                    let seq = self.capture.append_flawed(Crossing {
                        time_us: now,
                        direction: Direction::Incoming,
                        version: self.version,
                        topic: topic.as_bytes(),
                        bytes,
                        outline: &outline,
                        repeat,
                    });
                    self.came = Some(seq);
                    if !repeat {
                        let on = RemarkOn::Message {
                            topic: topic.to_owned(),
                            detail: fault.to_string(),
                            clause: fault.clause().to_owned(),
                        };
                        self.remarks.add(on, Some(seq));
                    }
                }
                Output::Malformed { bytes, .. } => {
                    let direction = Direction::Incoming;
                    let seq = self
                        .capture
                        .append_malformed(now, direction, bytes, self.version);
                    self.came = Some(seq);
                }
                Output::Open {
                    address,
                    subprotocol,
                    version,
                    socket,
                } => {
                    // Outputs before this one belong to the earlier connection, which may use another version.
                    self.version = version;
                    self.capture.begin_connection(Opening {
                        time_us: now,
                        socket,
                        address,
                        version,
                    });
                    self.wire.open(address, subprotocol, socket);
                }
                Output::Close {
                    socket,
                    code,
                    reason,
                } => {
                    self.capture.connection_closed(
                        socket,
                        Closing {
                            time_us: now,
                            by_client: true,
                            code,
                            reason: reason.into(),
                        },
                    );
                    self.wire.close(socket, code, reason);
                }
                Output::Store(change) => {
                    if let Some(ticket) = self.storage.change(change) {
                        self.wire.wait_for(ticket);
                    }
                }
                Output::Event(event) => self.event(now, event),
            }
        }
        self.wire.end();
        if connects {
            // A stored session brings subscriptions of an earlier page.
            self.follow_subscriptions();
        }
    }

    /// Records in the capture that a socket opened or closed.
    pub(super) fn note_connection(&mut self, now: u64, socket: u32, event: &SocketEvent<'_>) {
        let (code, reason) = match event {
            SocketEvent::Opened { subprotocol } => {
                return self.capture.connection_opened(socket, now, subprotocol);
            }
            SocketEvent::Closed { code, reason, .. } => (*code, *reason),
            // The close code that browsers use for a socket that did not open.
            SocketEvent::OpenFailed { .. } => (1006, ""),
            SocketEvent::Bytes(_) | SocketEvent::Filled | SocketEvent::TextFrame => return,
        };
        let closing = Closing {
            time_us: now,
            by_client: false,
            code,
            reason: reason.into(),
        };
        self.capture.connection_closed(socket, closing);
    }

    fn event(&mut self, now: u64, event: Event) {
        let notice = match event {
            Event::Connected {
                version, resumed, ..
            } => {
                if !resumed {
                    self.capture.begin_session();
                }
                self.series.iter_mut().for_each(|series| series.resume(now));
                let newest = self
                    .session
                    .settings()
                    .is_some_and(|settings| settings.newest);
                newest.then_some(Notice::VersionTaken(version))
            }
            Event::Returned {
                away,
                session_present,
                slept,
            } => Some(Notice::Returned {
                away: shown::milliseconds(away),
                session_present,
                slept,
            }),
            Event::FilterInvalid { filter } => Some(Notice::FilterRefused { filter }),
            Event::Unsubscribed {
                filter,
                code,
                reason,
            } => (code >= 0x80).then_some(Notice::UnsubscribeRefused {
                filter,
                code,
                reason,
            }),
            Event::Unfinished { sent_anew, unknown } => {
                let count = shown::count(unknown.len());
                for number in unknown {
                    self.finish(number);
                }
                Some(Notice::Unfinished {
                    sent_anew,
                    unknown: count,
                })
            }
            Event::Restored {
                publications,
                damaged,
            } => {
                self.take_up(&publications);
                Some(Notice::Restored {
                    publications: shown::count(publications.len()),
                    damaged,
                })
            }
            Event::StorageFailed { detail } => Some(Notice::StorageFailed { detail }),
            Event::Reauthenticated => Some(Notice::Reauthenticated),
            Event::Published { .. }
            | Event::Queued { .. }
            | Event::Cancelled { .. }
            | Event::PublishRefused { .. }
            | Event::PublishFailed { .. } => self.publication_event(event),
            Event::SessionUnknown => Some(Notice::SessionUnknown),
            Event::Breach { detail, clause } => {
                let on = RemarkOn::Broker { detail, clause };
                self.remarks.add(on, self.came);
                None
            }
            Event::PassedOver { topic, size, limit } => {
                if topic.is_some() {
                    self.capture.drop_message(now);
                }
                let on = RemarkOn::TooLarge { topic, size, limit };
                self.remarks.add(on, None);
                None
            }
            Event::AliasNamesFull { limit } => {
                let on = RemarkOn::AliasNames { limit };
                self.remarks.add(on, self.came);
                None
            }
            Event::Withheld { filter } => Some(Notice::Withheld { filter }),
            Event::HeldBack { number } => {
                let held = self.session.held_back().find(|held| held.number == number);
                let topic = held.and_then(|held| held.topic.map(str::to_owned));
                Some(Notice::HeldBack { topic })
            }
            // The next frame reads these from the session.
            Event::PhaseChanged(_)
            | Event::Granted { .. }
            | Event::Refused { .. }
            | Event::Forbidden { .. } => None,
        };
        if let Some(notice) = notice {
            self.page.notices.push(notice);
        }
    }

    /// Notes how a publication ended, under the page's number for it. For a series, only its end is noted.
    fn publication_event(&mut self, event: Event) -> Option<Notice> {
        match event {
            Event::Queued { number } => {
                let pending = self.pending.get(&number)?;
                let numbers = pending.number..=pending.number;
                (!pending.series).then_some(Notice::Queued { numbers })
            }
            Event::Published { number } => {
                let pending = self.finish(number).unwrap_or_default();
                let numbers = pending.number..=pending.number;
                (!pending.series).then_some(Notice::Published { numbers })
            }
            Event::Cancelled { number } => {
                let pending = self.finish(number).unwrap_or_default();
                (!pending.series).then_some(Notice::Cancelled {
                    number: pending.number,
                })
            }
            Event::PublishRefused {
                number,
                code,
                reason,
            } => {
                let pending = self.finish(number).unwrap_or_default();
                let notice = Notice::PublishRefused {
                    number: pending.number,
                    seq: pending.seq,
                    code,
                    reason,
                };
                self.unless_it_ends_a_series(&pending, notice)
            }
            Event::PublishFailed { number, why } => {
                let pending = self.finish(number).unwrap_or_default();
                let why = publish_fault(why);
                if pending.series {
                    // Without a connection, or with a full queue, a series waits and goes on later. Any other fault would only
                    // happen again, so it ends the series.
                    if matches!(
                        why,
                        PublishTrouble::NotConnected
                            | PublishTrouble::QueueFull
                            | PublishTrouble::Expired
                            | PublishTrouble::Cut
                    ) {
                        return None;
                    }
                }
                let numbers = pending.number..=pending.number;
                let notice = Notice::PublishFailed { numbers, why };
                self.unless_it_ends_a_series(&pending, notice)
            }
            _ => None,
        }
    }

    /// A publication could not be sent: tells the page, and ends its series if it has one.
    fn unless_it_ends_a_series(&mut self, pending: &Pending, notice: Notice) -> Option<Notice> {
        let running = self.series.len();
        if pending.series {
            self.series.retain(|series| series.number != pending.number);
        }
        if self.series.len() == running {
            return Some(notice);
        }
        self.page.notices.series_ended(notice);
        None
    }
}
