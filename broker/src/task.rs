//! The one task that holds the core: hears what connections say, tells the core of it and of the time, and drains it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use midge::inside::{Ask, Report};
use midge::protocol::Qos;
use midge_broker_core::{Broker, Ending, Input, Why};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::time::{Duration, Instant, sleep_until};

use crate::keeping::Keeper;
use crate::line::{Line, Shared};
use crate::outward::Outward;
use crate::{BrokerError, Numbers, Settings};

/// How much is heard before those are woken whom it concerns.
const TURN: usize = 32;

/// When the core asks for no time at all.
const LONG: Duration = Duration::from_secs(3600);

/// Seconds between two reports below `$SYS`.
const SYS_INTERVAL: u32 = 10;

/// What the task is told.
#[derive(Debug)]
pub enum Said {
    /// A connection opened.
    Opened(Arc<Line>),
    /// A client said something.
    Bytes(Arc<Line>, Vec<u8>),
    /// A connection is gone.
    Closed(u64),
    /// Something has left: the list says for whom.
    Left,
    /// A message of the program's own.
    Publish {
        topic: &'static str,
        payload: Bytes,
        qos: Qos,
        retain: bool,
    },
    /// What is inside is asked for.
    Inside(Ask, oneshot::Sender<Report>),
    /// What was counted is asked for.
    Numbers(oneshot::Sender<Numbers>),
    /// The program ends. Somebody waits until all is safe.
    ShutDown(oneshot::Sender<()>),
}

/// Microseconds since 1970 that never go back while the program runs.
#[derive(Debug, Clone, Copy)]
struct Clock {
    began: Instant,
    at: u64,
}

impl Clock {
    fn new() -> Clock {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Clock {
            began: Instant::now(),
            at: micros(since.unwrap_or_default()),
        }
    }

    fn now(self) -> u64 {
        self.at + micros(self.began.elapsed())
    }

    fn instant(self, at: u64) -> Instant {
        self.began + Duration::from_micros(at.saturating_sub(self.at))
    }
}

/// Whole microseconds, of which 64 bits hold more than anything lasts.
fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

pub struct Task {
    broker: Broker,
    clock: Clock,
    out: Outward,
    shared: Arc<Shared>,
    hearing: UnboundedReceiver<Said>,
    /// Kept for its room.
    left: Vec<u64>,
    /// The program ends.
    is_over: bool,
    /// Those who wait until all is safe.
    ending: Vec<oneshot::Sender<()>>,
}

impl Task {
    pub async fn new(
        settings: Settings,
        shared: Arc<Shared>,
        hearing: UnboundedReceiver<Said>,
    ) -> Result<Task, BrokerError> {
        let (keeper, records) = match &settings.data {
            Some(folder) => {
                let (keeper, records) = Keeper::open(folder, settings.ear.clone()).await?;
                (Some(keeper), Some(records))
            }
            None => (None, None),
        };
        let for_core = midge_broker_core::Settings {
            limits: settings.limits.for_core(),
            sys_interval: SYS_INTERVAL,
            version: settings.version,
            stores: keeper.is_some(),
            ..midge_broker_core::Settings::default()
        };
        // The standard library's is the system's chance.
        let seed = RandomState::new().build_hasher().finish();
        let mut task = Task {
            broker: Broker::new(for_core, Box::new(settings.people), seed),
            clock: Clock::new(),
            out: Outward::new(settings.ear, keeper),
            shared,
            hearing,
            left: Vec::new(),
            is_over: false,
            ending: Vec::new(),
        };
        if let Some(records) = records {
            task.tell(Input::Restore(&records));
        }
        task.tell(Input::Time);
        task.out.flush();
        Ok(task)
    }

    /// Runs until nobody is left who could say anything.
    pub async fn run(mut self) {
        loop {
            let wake = match self.broker.wake_at() {
                Some(at) => self.clock.instant(at),
                None => Instant::now() + LONG,
            };
            let is_behind = self.out.is_behind();
            tokio::select! {
                batch = self.out.kept() => self.out.release(batch),
                said = self.hearing.recv(), if !is_behind => match said {
                    Some(said) => self.turn(said),
                    None => return,
                },
                () = sleep_until(wake), if !is_behind => {}
            }
            self.tell_left();
            let now = self.clock.now();
            if self.broker.wake_at().is_some_and(|at| at <= now) {
                self.tell(Input::Time);
            }
            self.out.flush();
            if self.is_over && self.out.is_safe() {
                self.out.close().await;
                for waiting in self.ending.drain(..) {
                    // An error is somebody who waited for too long.
                    let _ = waiting.send(());
                }
            }
        }
    }

    fn turn(&mut self, said: Said) {
        // What has left makes room for what comes of it.
        self.tell_left();
        let mut next = Some(said);
        let mut heard = 0;
        while let Some(said) = next {
            self.hear(said);
            heard += 1;
            next = match heard < TURN && !self.out.is_behind() {
                true => self.hearing.try_recv().ok(),
                false => None,
            };
        }
    }

    fn hear(&mut self, said: Said) {
        match said {
            // Nothing that it said would be kept.
            Said::Opened(line) if self.is_over => {
                line.end(Ending::Broker(0x8B, Why::Shutdown));
                line.wake();
            }
            Said::Opened(line) => {
                let connection = line.number;
                self.out.open(line);
                self.tell(Input::Opened { connection });
            }
            Said::Bytes(line, bytes) => {
                self.tell(Input::Bytes {
                    connection: line.number,
                    bytes: &bytes,
                });
                self.shared.taken(&line);
            }
            Said::Closed(connection) => {
                self.tell(Input::Closed { connection });
                self.out.end(connection, Ending::Lost);
            }
            Said::Left => self.tell_left(),
            Said::Publish {
                topic,
                payload,
                qos,
                retain,
            } => self.tell(Input::Publish {
                topic,
                payload: &payload,
                qos,
                retain,
            }),
            Said::Inside(ask, answer) => {
                let report = self.broker.inside(self.clock.now(), &ask);
                // An error is somebody who no longer waits.
                let _ = answer.send(report);
            }
            Said::Numbers(answer) => {
                let numbers = Numbers {
                    counters: *self.broker.counters(),
                    held: self.broker.held(),
                };
                // An error is somebody who no longer waits.
                let _ = answer.send(numbers);
            }
            Said::ShutDown(done) => {
                self.tell(Input::Shutdown);
                self.is_over = true;
                self.ending.push(done);
            }
        }
    }

    /// Tells the core what has left since it was told last.
    fn tell_left(&mut self) {
        let mut left = std::mem::take(&mut self.left);
        self.shared.take_left(&mut left);
        for connection in left.drain(..) {
            if let Some(bytes) = self.out.owed(connection) {
                self.tell(Input::Owed { connection, bytes });
            }
        }
        self.left = left;
    }

    fn tell(&mut self, input: Input<'_>) {
        self.broker.handle(self.clock.now(), input);
        while let Some(output) = self.broker.poll() {
            self.out.take(output);
        }
    }
}
