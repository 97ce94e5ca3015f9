//! The worker: a thin shell around `engine`. It feeds it with the page's turns, socket events and time, and does what
//! it is told to do.

#[cfg(target_arch = "wasm32")]
mod shell {
    use std::{
        cell::RefCell,
        rc::{Rc, Weak},
    };

    use gloo_timers::callback::Timeout;
    use midge::{
        browser::{
            date,
            indexed_db::{Sessions, Write},
            message_channel::Later,
            socket::Socket,
            text,
            websocket::WebSocketEvent,
            worker_scope::{self, Clock, WorkerScope},
        },
        engine::{Action, Change, Engine, Platform, SocketEvent},
        link::{self, Turn},
    };
    use wasm_bindgen_futures::spawn_local;

    /// Longest time between two looks at the clock: what is due later is armed again then.
    const LONGEST_WAIT_US: u64 = 60_000_000;

    const PLATFORM: Platform = Platform {
        entropy: worker_scope::entropy,
        normalize: text::normalized,
        local_offset: date::local_offset,
    };

    struct Shell {
        me: Weak<RefCell<Shell>>,
        scope: WorkerScope,
        clock: Clock,
        engine: Engine,
        socket: Option<(u32, Socket)>,
        sessions: Rc<Sessions>,
        /// When the timer goes off.
        timer: Option<(u64, Timeout)>,
        /// Sends what several frames want sent, once.
        later: Option<Later>,
        later_is_due: bool,
    }

    pub fn start() {
        let Some(scope) = WorkerScope::here() else {
            return;
        };
        let for_crash = scope.clone();
        // The browser's console has the stack of the trap that follows.
        std::panic::set_hook(Box::new(move |panic| {
            for_crash.post_crash(&panic.to_string())
        }));
        let shell = Rc::new_cyclic(|me: &Weak<RefCell<Shell>>| {
            RefCell::new(Shell {
                me: me.clone(),
                clock: Clock::here(),
                engine: Engine::new(scope.seed(), PLATFORM),
                scope: scope.clone(),
                socket: None,
                sessions: Rc::new(Sessions::new(worker_scope::entropy())),
                timer: None,
                later: Later::new({
                    let me = me.clone();
                    move || enter(&me, |shell, _| shell.later_is_due = false)
                }),
                later_is_due: false,
            })
        });
        let me = Rc::downgrade(&shell);
        scope.on_broker_over({
            let me = me.clone();
            move |why| enter(&me, |shell, now| shell.broker_is_over(now, why))
        });
        scope.on_network_change(move || enter(&me, |shell, now| shell.engine.network_changed(now)));
        scope.listen(move |turn| {
            enter(&Rc::downgrade(&shell), |shell, now| {
                shell.hear_page(now, &turn)
            })
        });
    }

    /// One word from outside, and everything that follows from it. After a crash the shell stays borrowed, and nothing
    /// follows any more: the page has been told.
    fn enter(shell: &Weak<RefCell<Shell>>, word: impl FnOnce(&mut Shell, u64)) {
        step_in(shell, |shell, now| {
            word(shell, now);
            shell.follow(now);
        });
    }

    /// A frame of the socket. What it wants sent waits until the frames that came with it are read, so that their
    /// acknowledgements leave in one frame. One that wants nothing sent waits for nothing.
    fn enter_with_frame(shell: &Weak<RefCell<Shell>>, word: impl FnOnce(&mut Shell, u64)) {
        step_in(shell, |shell, now| {
            word(shell, now);
            if !shell.engine.has_to_act() {
                return shell.follow(now);
            }
            let due = shell.later_is_due || shell.later.as_ref().is_some_and(Later::call);
            shell.later_is_due = due;
            if !due {
                shell.follow(now);
            }
        });
    }

    fn step_in(shell: &Weak<RefCell<Shell>>, word: impl FnOnce(&mut Shell, u64)) {
        let Some(shell) = shell.upgrade() else { return };
        let Ok(mut shell) = shell.try_borrow_mut() else {
            return;
        };
        let now = shell.clock.now_us();
        word(&mut shell, now);
    }

    fn write(change: Change) -> Write {
        match change {
            Change::Put { key, value } => Write::Put { key, value },
            Change::Remove { key } => Write::Remove { key },
            Change::Clear => Write::Clear,
        }
    }

    impl Shell {
        fn hear_page(&mut self, now: u64, turn: &[u8]) {
            match link::decode::<Turn>(turn) {
                Ok(turn) => self.engine.turn(now, turn),
                Err(link::Garbled) => self
                    .scope
                    .post_crash("the page and the engine are not of one build"),
            }
        }

        /// Tells how much of what was sent has not left yet.
        fn look(&mut self, now: u64) {
            if let Some((socket, open)) = &self.socket {
                self.engine.buffered(now, *socket, open.buffered());
            }
        }

        fn hear_socket(&mut self, now: u64, socket: u32, event: WebSocketEvent) {
            match event {
                WebSocketEvent::Frame(frame) => {
                    let Some(space) = self.engine.space(socket, frame.length() as usize) else {
                        return;
                    };
                    frame.copy_to(space);
                    self.engine.socket(now, socket, SocketEvent::Filled);
                }
                WebSocketEvent::Opened(subprotocol) => {
                    self.engine.socket(
                        now,
                        socket,
                        SocketEvent::Opened {
                            subprotocol: &subprotocol,
                        },
                    );
                }
                WebSocketEvent::Text => self.engine.socket(now, socket, SocketEvent::TextFrame),
                WebSocketEvent::Closed { opened: false, .. } => {
                    self.engine
                        .socket(now, socket, SocketEvent::OpenFailed { forbidden: None });
                }
                WebSocketEvent::Closed {
                    code,
                    reason,
                    clean,
                    ..
                } => {
                    // What has left by now has left.
                    let closed = self.socket.as_ref();
                    if let Some((_, closed)) = closed.filter(|(number, _)| *number == socket) {
                        self.engine.left_behind(now, socket, closed.buffered());
                    }
                    self.engine.socket(
                        now,
                        socket,
                        SocketEvent::Closed {
                            code,
                            reason: &reason,
                            clean,
                        },
                    );
                }
            }
        }

        /// The broker of this browser is gone, and its end of the line says nothing of it.
        fn broker_is_over(&mut self, now: u64, why: &str) {
            if let Some((socket, _)) = self
                .socket
                .take_if(|(_, socket)| matches!(socket, Socket::Line(_)))
            {
                let event = SocketEvent::Closed {
                    code: if why == "closed" {
                        link::TAB_CLOSED
                    } else {
                        link::TAB_STOPPED
                    },
                    reason: "",
                    clean: false,
                };
                self.engine.socket(now, socket, event);
            }
        }

        fn hear(&self, socket: u32) -> impl Fn(WebSocketEvent) + 'static {
            let me = self.me.clone();
            move |event| {
                let is_frame = matches!(event, WebSocketEvent::Frame(_));
                let read = |shell: &mut Shell, now| shell.hear_socket(now, socket, event);
                match is_frame {
                    true => enter_with_frame(&me, read),
                    false => enter(&me, read),
                }
            }
        }

        /// Does what the engine wants done, answers the page, and arms the timer.
        fn follow(&mut self, now: u64) {
            self.act(now);
            // What has left makes room for more.
            while self.socket.is_some() && self.engine.has_to_look(now) {
                self.look(now);
                self.act(now);
            }
            while let Some(frame) = self.engine.frame(now) {
                self.scope.post(&link::encode(&frame));
            }
            self.arm(now);
        }

        /// Does what the engine wants done to sockets and storage.
        fn act(&mut self, now: u64) {
            while let Some(action) = self.engine.action() {
                match action {
                    Action::Send { socket, bytes } => {
                        if let Some((_, open)) =
                            self.socket.as_ref().filter(|(number, _)| *number == socket)
                        {
                            open.send(bytes);
                        }
                    }
                    Action::Close {
                        socket,
                        code,
                        reason,
                    } => {
                        if let Some((_, open)) =
                            self.socket.take_if(|(number, _)| *number == socket)
                        {
                            open.close(code, reason);
                        }
                    }
                    Action::Open {
                        socket,
                        address,
                        subprotocol,
                    } => {
                        // Before the new one, so that a broker hears of the end of the old one first.
                        self.socket = None;
                        let hear = self.hear(socket);
                        let opened = match address.as_str() {
                            link::TAB => {
                                let connect = |port| self.scope.post_line(&port);
                                Socket::line(connect, subprotocol, hear)
                            }
                            _ => Socket::open(&address, subprotocol, hear),
                        };
                        match opened {
                            Ok(open) => self.socket = Some((socket, open)),
                            Err(words) => {
                                let event = SocketEvent::OpenFailed {
                                    forbidden: Some(words),
                                };
                                self.engine.socket(now, socket, event);
                            }
                        }
                    }
                    Action::Load { session, ticket } => {
                        let (me, sessions) = (self.me.clone(), self.sessions.clone());
                        spawn_local(async move {
                            let result = sessions.load(&session, ticket).await;
                            enter(&me, |shell, now| shell.engine.loaded(now, ticket, result));
                        });
                    }
                    Action::GiveUp { ticket } => self.sessions.give_up(ticket),
                    Action::Store {
                        session,
                        ticket,
                        changes,
                    } => {
                        let (me, sessions) = (self.me.clone(), self.sessions.clone());
                        let writes = changes.into_iter().map(write).collect();
                        spawn_local(async move {
                            let result = sessions.store(&session, writes).await;
                            enter(&me, |shell, now| shell.engine.stored(now, ticket, result));
                        });
                    }
                }
            }
        }

        /// One timer, made anew only when it must go off earlier: not once per message.
        fn arm(&mut self, now: u64) {
            let Some(due) = self.engine.wake_at() else {
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
                    shell.engine.time(now);
                });
            });
            self.timer = Some((due, timeout));
        }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    shell::start();
}
