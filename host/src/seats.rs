//! How many connections there are, in all and of each address, and how many of them have not said CONNECT yet.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use midge_broker::Limits;

/// All seats.
pub struct Seats {
    limits: Arc<Limits>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<IpAddr, usize>,
    waiting: usize,
}

/// One connection's seat; free again when it is dropped.
pub struct Seat {
    seats: Arc<Seats>,
    from: IpAddr,
}

/// One connection that has not said CONNECT yet.
pub struct Waiting(Arc<Seats>);

impl Seats {
    /// All are free.
    pub fn new(limits: Arc<Limits>) -> Arc<Seats> {
        Arc::new(Seats {
            limits,
            taken: Mutex::default(),
        })
    }

    /// A seat for a connection from there, if one is free for it.
    pub fn take(self: &Arc<Seats>, from: IpAddr) -> Option<Seat> {
        let mut taken = self.lock();
        let all = taken.all;
        let of = taken.of.entry(from).or_default();
        if all >= self.limits.connections || *of >= self.limits.connections_per_address {
            if *of == 0 {
                taken.of.remove(&from);
            }
            return None;
        }
        *of += 1;
        taken.all += 1;
        Some(Seat {
            seats: self.clone(),
            from,
        })
    }

    /// Counts a connection that is to say CONNECT, and tells how long it may take: less where many do nothing.
    pub fn wait_for_connect(self: &Arc<Seats>) -> (Waiting, Duration) {
        let mut taken = self.lock();
        taken.waiting += 1;
        let time = if taken.waiting > self.limits.connections / 4 {
            self.limits.time_to_connect_in_a_rush
        } else {
            self.limits.time_to_connect
        };
        (Waiting(self.clone()), time)
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Whose it is.
    pub fn address(&self) -> IpAddr {
        self.from
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        taken.all = taken.all.saturating_sub(1);
        if let Some(of) = taken.of.get_mut(&self.from) {
            *of = of.saturating_sub(1);
            if *of == 0 {
                taken.of.remove(&self.from);
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut taken = self.0.lock();
        taken.waiting = taken.waiting.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_seats_for_others() {
        let limits = Limits {
            connections: 4,
            connections_per_address: 3,
            ..Limits::default()
        };
        let seats = Seats::new(Arc::new(limits));
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let mut held: Vec<_> = (0..10).filter_map(|_| seats.take(one)).collect();
        assert_eq!(held.len(), 3);
        let last = seats.take(other);
        assert!(last.is_some() && seats.take(other).is_none());
        held.pop();
        assert!(seats.take(other).is_some());
        drop((held, last));
        assert!(seats.lock().of.is_empty());
    }

    #[test]
    fn in_a_rush_there_is_less_time() {
        let limits = Arc::new(Limits {
            connections: 8,
            ..Limits::default()
        });
        let seats = Seats::new(limits.clone());
        let waiting: Vec<_> = (0..3).map(|_| seats.wait_for_connect()).collect();
        assert_eq!(waiting[1].1, limits.time_to_connect);
        assert_eq!(waiting[2].1, limits.time_to_connect_in_a_rush);
        drop(waiting);
        assert_eq!(seats.wait_for_connect().1, limits.time_to_connect);
    }
}
