//! One line: what is to leave on it, and how much of what left was taken.

/// One line.
#[derive(Debug, Default)]
pub struct Line {
    /// The tab that it came from.
    pub page: u32,
    /// Joined until the drain is over.
    waiting: Vec<u8>,
    /// Bytes that were ever handed out for it.
    sent: u64,
    /// It is on the list of those with something to hand out.
    is_due: bool,
}

impl Line {
    /// Of this page.
    pub fn of(page: u32) -> Self {
        Self {
            page,
            ..Self::default()
        }
    }

    /// Adds to what is to leave. True: it had nothing before.
    pub fn put(&mut self, head: &[u8], payload: &[u8]) -> bool {
        self.waiting.extend_from_slice(head);
        self.waiting.extend_from_slice(payload);
        self.sent += (head.len() + payload.len()) as u64;
        !std::mem::replace(&mut self.is_due, true)
    }

    /// What is to leave now.
    pub fn take(&mut self) -> Vec<u8> {
        self.is_due = false;
        std::mem::take(&mut self.waiting)
    }

    /// The other end has taken so many bytes since the line began: how much is owed. More than was sent cannot have been
    /// taken, whatever it says.
    pub fn owed(&self, taken: u64) -> usize {
        usize::try_from(self.sent.saturating_sub(taken)).unwrap_or(usize::MAX)
    }
}
