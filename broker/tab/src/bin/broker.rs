//! The worker that the broker runs in: a thin shell around [`midge_broker_tab::Tab`]. It feeds it with what comes on
//! message ports and with time, and does what it is told to do. `public/broker_loader.js` starts it, and hands it the ports.

#[cfg(target_arch = "wasm32")]
mod shell {
    use std::{
        cell::RefCell,
        collections::BTreeMap,
        rc::{Rc, Weak},
    };

    use gloo_timers::callback::Timeout;
    use midge::browser::{
        message_port::{Line, LineEvent},
        worker_scope::{self, Clock},
    };
    use midge_broker_tab::{Act, Tab};
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::MessagePort;

    /// Longest time between two looks at the clock: what is due later is armed again then.
    const LONGEST_WAIT_US: u64 = 60_000_000;

    struct Shell {
        me: Weak<RefCell<Shell>>,
        clock: Clock,
        tab: Tab,
        lines: BTreeMap<u64, Line>,
        /// When the timer goes off.
        timer: Option<(u64, Timeout)>,
    }

    /// The broker, as the loader sees it.
    #[wasm_bindgen]
    pub struct TabBroker {
        shell: Rc<RefCell<Shell>>,
    }

    #[wasm_bindgen]
    impl TabBroker {
        /// A broker without clients.
        #[wasm_bindgen(constructor)]
        #[allow(clippy::new_without_default)]
        pub fn new() -> Self {
            let [a, b, c, d, e, f, g, h, ..] = worker_scope::entropy();
            let seed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
            let shell = Rc::new_cyclic(|me| {
                RefCell::new(Shell {
                    me: me.clone(),
                    clock: Clock::here(),
                    tab: Tab::new(seed),
                    lines: BTreeMap::new(),
                    timer: None,
                })
            });
            Self { shell }
        }

        /// A line came from this page.
        pub fn line(&self, page: u32, port: MessagePort) {
            enter(&Rc::downgrade(&self.shell), |shell, now| {
                let line = shell.tab.open(now, page);
                let me = shell.me.clone();
                let port = Line::answer(port, move |event| {
                    enter(&me, |shell, now| shell.hear(now, line, event));
                });
                shell.lines.insert(line, port);
            });
        }

        /// A page is gone, or asleep.
        pub fn gone(&self, page: u32) {
            enter(&Rc::downgrade(&self.shell), |shell, now| {
                shell.tab.gone(now, page);
            });
        }

        /// What the inside looks like. Empty: it was no question.
        pub fn inside(&self, question: &[u8]) -> Vec<u8> {
            let mut report = Vec::new();
            enter(&Rc::downgrade(&self.shell), |shell, now| {
                report = shell.tab.inside(now, question).unwrap_or_default();
            });
            report
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
        fn hear(&mut self, now: u64, line: u64, event: LineEvent) {
            match event {
                LineEvent::Bytes(bytes) => self.tab.bytes(now, line, &bytes.to_vec()),
                LineEvent::Taken(taken) => self.tab.taken(now, line, taken),
                LineEvent::Closed { .. } => {
                    self.lines.remove(&line);
                    self.tab.closed(now, line);
                }
                // This end says it.
                LineEvent::Opened => {}
            }
        }

        fn follow(&mut self, now: u64) {
            while let Some(act) = self.tab.poll() {
                match act {
                    Act::Send { line, bytes } => {
                        if let Some(line) = self.lines.get(&line) {
                            line.send(&bytes);
                        }
                    }
                    Act::Close { line, code, reason } => {
                        if let Some(line) = self.lines.remove(&line) {
                            line.close(code, reason);
                        }
                    }
                }
            }
            self.arm(now);
        }

        /// One timer, made anew only when it must go off earlier.
        fn arm(&mut self, now: u64) {
            let Some(due) = self.tab.wake_at() else {
                return;
            };
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
                    shell.tab.time(now);
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
