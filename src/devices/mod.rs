//! The devices that live beside a broker in the browser, for somebody who has none at hand: a thermometer, a lamp, a door,
//! and what else is added from templates. Each is a client of its own with Midge's own [`crate::session`], so that what
//! crosses is MQTT and nothing but MQTT; some speak 3.1.1 and some 5. No clock, no browser, no chance of its own: the same
//! seed and inputs give the same outputs.
//!
//! The contract is that of the session: one change with [`Devices::handle`] or [`Devices::order`], then
//! [`Devices::poll`] until it returns `None`, and [`Input::Time`] when [`Devices::wake_at`] has come. Times are microseconds
//! of a clock that never goes back.
//!
//! - `told`: what the page asks for and is told, as plain data. `template`: which devices there are, and their topics.
//! - `device`: one of them, with its power switch, its plug and its memory; `client`: its session and its line. `thing`: what it
//!   measures and does, which knows no topics of its own, and no session.
//! - `words`: the bytes of what is asked and told. `naming`: what a device may be called. `outbox`: outputs that wait.

mod client;
mod device;
mod naming;
mod outbox;
mod template;
mod thing;
mod told;
mod words;

pub use naming::{NameFault, base_fault};
pub use outbox::Output;
pub use told::{Kind, Last, Order, Place, Refused, State, Told};
pub use words::{Question, Report, decode, encode};

use device::Device;
use outbox::Outbox;

/// Devices that there are at most.
pub const MOST: usize = 12;

/// Seconds between two values, at the least and at the most.
pub const RHYTHM: std::ops::RangeInclusive<u32> = 1..=3600;

/// What the devices are told.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A connection that was asked for with [`Output::Open`] is there.
    Opened {
        /// Its number.
        connection: u64,
    },
    /// Bytes of the broker.
    Bytes {
        /// The connection's number.
        connection: u64,
        /// Any part of a packet, or many.
        bytes: &'a [u8],
    },
    /// The broker ended a connection, or there is none to be had. Nothing follows for one that was closed from here.
    Closed {
        /// Its number.
        connection: u64,
    },
    /// The time of [`Devices::wake_at`] has come.
    Time,
}

/// All devices.
#[derive(Debug)]
pub struct Devices {
    devices: Vec<Device>,
    /// Removed ones that still say goodbye.
    leaving: Vec<Device>,
    last: u32,
    seed: u64,
    outbox: Outbox,
    revision: u64,
}

impl Devices {
    /// Three devices, switched on as soon as there is a time: with the first input. `seed` is for what they measure.
    pub fn new(seed: u64) -> Self {
        let mut devices = Self {
            devices: Vec::new(),
            leaving: Vec::new(),
            last: 0,
            seed,
            outbox: Outbox::default(),
            revision: 0,
        };
        for kind in [Kind::Thermometer, Kind::Lamp, Kind::Door] {
            devices.add(kind);
        }
        devices
    }

    /// One input at this time. [`Self::poll`] until it returns `None` afterwards.
    pub fn handle(&mut self, now: u64, input: Input<'_>) {
        let outbox = &mut self.outbox;
        let everybody = self.devices.iter_mut().chain(&mut self.leaving);
        for device in everybody {
            match input {
                Input::Opened { connection } => device.opened(now, connection, outbox),
                Input::Bytes { connection, bytes } => {
                    device.bytes(now, connection, bytes, outbox);
                }
                Input::Closed { connection } => device.closed(now, connection, outbox),
                Input::Time => {}
            }
            device.time(now, outbox);
        }
        self.changed();
    }

    /// Does what the page asks for, or says why not; then nothing has changed.
    pub fn order(&mut self, now: u64, order: Order) -> Result<(), Refused> {
        match order {
            Order::Add { kind } => {
                if self.devices.len() + self.leaving.len() >= MOST {
                    return Err(Refused::Full);
                }
                self.add(kind);
            }
            Order::Remove { number } => {
                let place = self.place(number)?;
                let mut device = self.devices.remove(place);
                device.leave(now, &mut self.outbox);
                self.leaving.push(device);
                // Those that stay have nothing new to tell.
                self.revision += 1;
            }
            Order::Rename { number, base } => {
                let place = self.place(number)?;
                if let Some(fault) = base_fault(&base) {
                    return Err(Refused::Name(fault));
                }
                let mut others = self.devices.iter().chain(&self.leaving);
                if others.any(|other| other.number() != number && other.base() == base) {
                    return Err(Refused::Taken);
                }
                self.devices[place].rename(now, base, &mut self.outbox);
            }
            Order::SwitchOn { number } => {
                let (device, outbox) = self.at(number)?;
                device.switch_on(outbox);
            }
            Order::SwitchOff { number } => {
                let (device, outbox) = self.at(number)?;
                device.switch_off(now, outbox);
            }
            Order::Unplug { number } => {
                let (device, outbox) = self.at(number)?;
                device.unplug(now, outbox);
            }
            Order::Forgetful { number, forgetful } => {
                let (device, outbox) = self.at(number)?;
                device.set_forgetful(now, forgetful, outbox);
            }
            Order::Rhythm { number, seconds } => {
                if !RHYTHM.contains(&seconds) {
                    return Err(Refused::Rhythm);
                }
                self.at(number)?.0.set_rhythm(now, seconds)?;
            }
            Order::ByHand { number } => {
                let (device, outbox) = self.at(number)?;
                device.by_hand(now, outbox)?;
            }
        }
        for device in &mut self.devices {
            device.time(now, &mut self.outbox);
        }
        self.changed();
        Ok(())
    }

    /// The next output. `None`: there is none until the next input.
    pub fn poll(&mut self) -> Option<Output> {
        self.outbox.next()
    }

    /// When [`Input::Time`] is due. 0: at once.
    pub fn wake_at(&self) -> Option<u64> {
        let everybody = self.devices.iter().chain(&self.leaving);
        everybody.filter_map(Device::wake_at).min()
    }

    /// What the page is told of each device, in the order in which they came.
    pub fn told(&self) -> Vec<Told> {
        self.devices.iter().map(Device::told).collect()
    }

    /// Another number whenever [`Self::told`] may say something else.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn changed(&mut self) {
        self.leaving.retain(Device::is_leaving);
        let everybody = self.devices.iter_mut();
        if everybody.fold(false, |news, device| device.has_news() | news) {
            self.revision += 1;
        }
    }

    fn add(&mut self, kind: Kind) {
        self.last += 1;
        let name = kind.name();
        let everybody = || self.devices.iter().chain(&self.leaving);
        let is_free = |base: &String| !everybody().any(|other| other.base() == base);
        // One more name than there are devices, so one is free.
        let base = (1..=MOST + 1)
            .map(|n| match n {
                1 => format!("home/{name}"),
                n => format!("home/{name}-{n}"),
            })
            .find(is_free);
        let base = base.unwrap_or_else(|| format!("home/{name}-{}", self.last));
        let device = Device::new(self.last, kind, base, self.seed);
        self.devices.push(device);
        self.revision += 1;
    }

    fn place(&self, number: u32) -> Result<usize, Refused> {
        let place = self.devices.iter().position(|d| d.number() == number);
        place.ok_or(Refused::Gone)
    }

    fn at(&mut self, number: u32) -> Result<(&mut Device, &mut Outbox), Refused> {
        let place = self.place(number)?;
        Ok((&mut self.devices[place], &mut self.outbox))
    }
}
