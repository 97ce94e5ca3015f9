//! The browser's send buffer: how it delays messages, postpones the end of a slow connection, and shows when QoS 0
//! publications are done.

use super::Event;
use super::state::State;

impl State {
    /// The send buffer holds this many bytes.
    pub(super) fn buffered(&mut self, bytes: u64) {
        let moved = self
            .line
            .told(self.clock.now(), self.outbox.written(), bytes);
        if let Some(connected) = self.stage.connected_mut() {
            connected.left(self.clock.now(), moved, self.line.left());
        }
        self.tell_left();
        if moved {
            self.pump();
        }
    }

    /// The connection has ended, and this many bytes will never be sent.
    pub(super) fn left_behind(&mut self, bytes: u64) {
        self.line
            .told(self.clock.now(), self.outbox.written(), bytes);
        self.tell_left();
    }

    fn tell_left(&mut self) {
        while let Some(number) = self.line.next_done() {
            self.say(Event::Published { number });
        }
    }

    /// Bytes in the send buffer.
    pub(super) fn on_way(&self) -> u64 {
        if !self.stage.receives() {
            return 0;
        }
        self.line.len(self.outbox.written())
    }

    /// A message of this size may be sent.
    pub(super) fn has_room(&self, size: usize) -> bool {
        self.line.has_room(self.outbox.written(), size)
    }

    /// Messages wait because the send buffer is full.
    pub(super) fn is_send_buffer_full(&self) -> bool {
        let full = |size: usize| !self.has_room(size);
        let again = self.owed.in_flight().first_again();
        let first = self.owed.queue().first();
        let at_most_once = self.owed.queue().first_at_most_once();
        self.is_connected()
            && again
                .map(|flight| &flight.publication)
                .into_iter()
                .chain(first)
                .chain(at_most_once)
                .any(|publication| full(publication.size()))
    }

    /// When to look at the send buffer next.
    pub(super) fn look_at(&self) -> Option<u64> {
        let receives = self.stage.receives();
        receives
            .then(|| self.line.look_at(self.outbox.written()))
            .flatten()
    }
}
