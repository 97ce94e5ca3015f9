//! Enhanced authentication, by methods that stand behind [`crate::Access`] (MQTT 5 section 4.12).

use crate::access::{Exchange, Newcomer, Step};
use crate::connection::Stage;
use crate::greeting::Hello;
use crate::output::{Ending, Why};
use crate::slab::Key;
use crate::state::State;
use crate::wire::{self, id};

const FAILED: Ending = Ending::Broker(0x8C, Why::Authentication);

impl State {
    /// Takes what the client says in CONNECT or AUTH before it is let in.
    pub fn prove(
        &mut self,
        key: Key,
        mut hello: Box<Hello>,
        mut exchange: Box<dyn Exchange>,
        data: Option<&[u8]>,
    ) {
        match exchange.step(data) {
            Step::Continue(data) => {
                self.send_auth(key, 0x18, Some(&data));
                if let Some(connection) = self.connections.get_mut(key) {
                    connection.stage = Stage::Proving { hello, exchange };
                }
            }
            Step::Done { user_name, data } => {
                hello.user_name = Some(user_name);
                self.enter(key, *hello, data);
            }
            Step::Refuse(refusal) => {
                let code = refusal.code(midge::protocol::Version::V5);
                self.refuse(key, Ending::Broker(code, Why::Authentication), true);
            }
        }
    }

    /// AUTH of a client that is not in yet.
    pub fn proof(&mut self, key: Key, packet: &[u8]) {
        let (code, method, data) = wire::auth(packet);
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        if code != 0x18 || method != connection.method.as_deref() {
            self.refuse(key, FAILED, true);
            return;
        }
        if let Stage::Proving { hello, exchange } =
            std::mem::replace(&mut connection.stage, Stage::Greeting)
        {
            self.prove(key, hello, exchange, data);
        }
    }

    /// AUTH of a client that is in: it authenticates anew (MQTT 5 section 4.12.1).
    pub fn prove_anew(&mut self, key: Key, session: Key, packet: &[u8]) {
        let (code, method, data) = wire::auth(packet);
        let (Some(connection), Some(found)) =
            (self.connections.get_mut(key), self.sessions.get(session))
        else {
            return;
        };
        // [MQTT-4.12.1-1]: by the method of CONNECT, and only if there was one.
        let same = method.is_some() && method == connection.method.as_deref();
        let exchange = match (same, code) {
            (true, 0x19) => {
                let newcomer = Newcomer {
                    connection: connection.number,
                    client_id: &found.person.client_id,
                    version: connection.version,
                    user_name: found.person.user_name.as_deref(),
                    password: None,
                };
                self.access.exchange(&newcomer, method.unwrap_or_default())
            }
            (true, 0x18) => connection.proving.take(),
            _ => None,
        };
        let Some(mut exchange) = exchange else {
            let code = match connection.method {
                Some(_) if !same => 0x8C,
                _ => 0x82,
            };
            self.close(key, Ending::Broker(code, Why::Authentication), true);
            return;
        };
        match exchange.step(data) {
            Step::Continue(data) => {
                self.send_auth(key, 0x18, Some(&data));
                if let Some(connection) = self.connections.get_mut(key) {
                    connection.proving = Some(exchange);
                }
            }
            // Nobody becomes someone else on the way.
            Step::Done { user_name, data }
                if found.person.user_name.as_ref() == Some(&user_name) =>
            {
                self.send_auth(key, 0, data.as_deref());
            }
            Step::Done { .. } | Step::Refuse(_) => {
                self.close(key, Ending::Broker(0x87, Why::Authentication), true);
            }
        }
    }

    fn send_auth(&mut self, key: Key, code: u8, data: Option<&[u8]>) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let mut properties = Vec::new();
        let method = connection.method.as_deref().unwrap_or_default();
        wire::text(
            id::AUTHENTICATION_METHOD,
            method.as_bytes(),
            &mut properties,
        );
        if let Some(data) = data {
            wire::text(id::AUTHENTICATION_DATA, data, &mut properties);
        }
        self.send(key, |out| {
            wire::with_properties(0xF0, &[code], &properties, out)
        });
    }
}
