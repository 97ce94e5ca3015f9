//! The devices beside the broker of this browser, in its worker: a thin shell around [`midge::devices`]. Each of their
//! connections is a line to the broker like a page's. `public/broker_loader.js` starts it when the first page asks, and hands
//! it the pages' ports.

#[cfg(target_arch = "wasm32")]
mod shell {
    use std::{
        cell::RefCell,
        collections::{BTreeMap, VecDeque},
        rc::{Rc, Weak},
    };

    use gloo_timers::callback::Timeout;
    use js_sys::Function;
    use midge::{
        browser::{
            message_port::{Line, LineEvent},
            worker_scope::{self, Clock},
        },
        devices::{Devices, Input, Output, Question, Report, decode, encode},
    };
    use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
    use web_sys::MessagePort;

    /// Longest time between two looks at the clock: what is due later is armed again then.
    const LONGEST_WAIT_US: u64 = 60_000_000;
    /// Between two reports to the pages.
    const REPORTS_US: u64 = 100_000;
    /// Bytes that a page may leave untaken before it is told nothing more until it takes some.
    const OWED: u64 = 256 << 10;
    /// Pages that are told. The oldest of more are gone without a word.
    const MOST_PAGES: usize = 64;

    struct Shell {
        me: Weak<RefCell<Shell>>,
        clock: Clock,
        devices: Devices,
        /// Brings the port of a line to the broker.
        join: Function,
        lines: BTreeMap<u64, Line>,
        pages: VecDeque<(u64, Line)>,
        last_page: u64,
        /// The revision that the pages were told of, and when.
        told: (u64, u64),
        /// When the timer goes off.
        timer: Option<(u64, Timeout)>,
    }

    /// The devices, as the loader sees them.
    #[wasm_bindgen]
    pub struct TabDevices {
        shell: Rc<RefCell<Shell>>,
    }

    #[wasm_bindgen]
    impl TabDevices {
        /// Three devices. `join` is called with the port of each line to the broker.
        #[wasm_bindgen(constructor)]
        pub fn new(join: Function) -> Self {
            let [a, b, c, d, e, f, g, h, ..] = worker_scope::entropy();
            let seed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
            let shell = Rc::new_cyclic(|me| {
                RefCell::new(Shell {
                    me: me.clone(),
                    clock: Clock::here(),
                    devices: Devices::new(seed),
                    join,
                    lines: BTreeMap::new(),
                    pages: VecDeque::new(),
                    last_page: 0,
                    told: (0, 0),
                    timer: None,
                })
            });
            enter(&Rc::downgrade(&shell), |shell, now| {
                shell.devices.handle(now, Input::Time);
            });
            Self { shell }
        }

        /// The line of a page that wants to see them.
        pub fn page(&self, port: MessagePort) {
            enter(&Rc::downgrade(&self.shell), |shell, _| shell.meet(port));
        }
    }

    /// One word from outside, and everything that follows from it. After a crash the shell stays borrowed, and nothing
    /// follows any more: the loader has told the lines.
    fn enter(shell: &Weak<RefCell<Shell>>, word: impl FnOnce(&mut Shell, u64)) {
        let Some(shell) = shell.upgrade() else { return };
        let Ok(mut shell) = shell.try_borrow_mut() else {
            return;
        };
        let now = shell.clock.now_us();
        word(&mut shell, now);
        shell.follow(now);
    }

    impl Shell {
        fn meet(&mut self, port: MessagePort) {
            self.last_page += 1;
            let page = self.last_page;
            let me = self.me.clone();
            let line = Line::answer(port, move |event| {
                enter(&me, |shell, now| shell.hear_page(now, page, event));
            });
            line.send(&encode(&Report::Told(self.devices.told())));
            self.pages.push_back((page, line));
            if self.pages.len() > MOST_PAGES {
                self.pages.pop_front();
            }
        }

        fn hear_page(&mut self, now: u64, page: u64, event: LineEvent) {
            match event {
                LineEvent::Bytes(bytes) => {
                    let Some(Question { ticket, order }) = decode(&bytes.to_vec()) else {
                        return;
                    };
                    if let Err(why) = self.devices.order(now, order)
                        && let Some((_, line)) = self.pages.iter().find(|(one, _)| *one == page)
                    {
                        line.send(&encode(&Report::Refused { ticket, why }));
                    }
                }
                LineEvent::Closed { .. } => self.pages.retain(|(one, _)| *one != page),
                LineEvent::Opened | LineEvent::Taken(_) => {}
            }
        }

        fn hear_broker(&mut self, now: u64, connection: u64, event: LineEvent) {
            match event {
                LineEvent::Opened => self.devices.handle(now, Input::Opened { connection }),
                LineEvent::Bytes(bytes) => {
                    let bytes = &bytes.to_vec();
                    self.devices.handle(now, Input::Bytes { connection, bytes });
                }
                LineEvent::Taken(_) => {}
                LineEvent::Closed { .. } => {
                    self.lines.remove(&connection);
                    self.devices.handle(now, Input::Closed { connection });
                }
            }
        }

        fn follow(&mut self, now: u64) {
            while let Some(output) = self.devices.poll() {
                match output {
                    Output::Open { connection } => self.open(now, connection),
                    Output::Send { connection, bytes } => {
                        if let Some(line) = self.lines.get(&connection) {
                            line.send(&bytes);
                        }
                    }
                    Output::Close { connection } => {
                        if let Some(line) = self.lines.remove(&connection) {
                            line.close(1000, "");
                        }
                    }
                }
            }
            self.report(now);
            self.arm(now);
        }

        fn open(&mut self, now: u64, connection: u64) {
            let me = self.me.clone();
            let line = Line::begin(move |event| {
                enter(&me, |shell, now| shell.hear_broker(now, connection, event));
            });
            match line {
                Some((line, port)) => {
                    self.lines.insert(connection, line);
                    // What it throws ends the worker, which the pages are told.
                    let _ = self.join.call1(&JsValue::NULL, &port);
                }
                None => self.devices.handle(now, Input::Closed { connection }),
            }
        }

        /// Tells the pages, if there is something to tell, and not too often.
        fn report(&mut self, now: u64) {
            let revision = self.devices.revision();
            if revision == self.told.0 || now < self.told.1 + REPORTS_US {
                return;
            }
            self.told = (revision, now);
            if self.pages.is_empty() {
                return;
            }
            let report = encode(&Report::Told(self.devices.told()));
            let awake = self.pages.iter().filter(|(_, line)| line.buffered() < OWED);
            awake.for_each(|(_, line)| line.send(&report));
        }

        /// One timer, made anew only when it must go off earlier.
        fn arm(&mut self, now: u64) {
            let (revision, at) = self.told;
            let report = (self.devices.revision() != revision).then_some(at + REPORTS_US);
            let due = self.devices.wake_at().into_iter().chain(report).min();
            let Some(due) = due else { return };
            if self.timer.as_ref().is_some_and(|(armed, _)| *armed <= due) {
                return;
            }
            let due = due.min(now + LONGEST_WAIT_US);
            // Rounded up: a timer that goes off too early would go off twice.
            let wait_ms = due.saturating_sub(now).div_ceil(1000);
            let me = self.me.clone();
            let timeout = Timeout::new(u32::try_from(wait_ms).unwrap_or(u32::MAX), move || {
                enter(&me, |shell, now| {
                    shell.timer = None;
                    shell.devices.handle(now, Input::Time);
                });
            });
            self.timer = Some((due, timeout));
        }
    }
}

/// The loader has its way in by `shell`.
fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("This is a worker of the page. Build it with `cargo xtask build`.");
}
