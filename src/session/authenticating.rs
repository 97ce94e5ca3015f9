//! Enhanced authentication as an exchange of packets (MQTT 5 section 4.12). What each method requires is in
//! [`super::authentication`]; when its data is sent, and what a failure leads to, is decided here.

use super::authentication::Exchange;
use super::stage::Stage;
use super::state::State;
use super::trouble::{Breach, Violation};
use super::{Event, PacketRole, Trouble};
use crate::protocol::{Auth, ConnackProperties, ConnectProperties, Version, encode};

/// AUTH: success.
const SUCCESS: u8 = 0x00;
/// AUTH: continue authentication.
const CONTINUE: u8 = 0x18;
/// AUTH: re-authenticate.
const ANEW: u8 = 0x19;

impl State {
    /// Adds method and first data to CONNECT, if the settings ask for enhanced authentication [MQTT-4.12.0-1].
    pub(super) fn begin_exchange(
        &mut self,
        properties: &mut ConnectProperties,
    ) -> Option<Exchange> {
        let (exchange, data) = self.exchange_anew()?;
        properties.authentication_method = Some(exchange.method().to_owned());
        properties.authentication_data = Some(data);
        Some(exchange)
    }

    /// The user asks for re-authentication, with the method of CONNECT [MQTT-4.12.1-1]. Ignored if there was no method,
    /// or while an exchange is under way.
    pub(super) fn reauthenticate(&mut self) {
        let idle = self.is_connected() && self.stage.exchange().is_none();
        if !idle || self.version() != Version::V5 {
            return;
        }
        if let Some((exchange, data)) = self.exchange_anew()
            && let Some(connected) = self.stage.connected_mut()
        {
            let method = exchange.method();
            connected.begin_exchange(exchange);
            self.send_auth(ANEW, method, data);
        }
    }

    /// AUTH from the broker.
    pub(super) fn auth(&mut self, auth: &Auth) -> Result<(), Violation> {
        let connected = self.is_connected();
        let Some(exchange) = self.stage.exchange() else {
            let breach = Breach {
                detail: "AUTH without an exchange",
                clause: "4.12 [MQTT-4.12.0-6]",
            };
            // Before CONNACK the broker waits for an answer, and there is none to give.
            return if connected {
                Ok(self.survive(breach)?)
            } else {
                Err(breach.into())
            };
        };
        let method = exchange.method();
        if auth.method.as_deref() != Some(method) {
            return Err(breach(
                "AUTH with another authentication method than CONNECT",
                "4.12 [MQTT-4.12.0-5]",
            ));
        }
        let data = auth.data.as_deref().unwrap_or_default();
        match auth.code {
            CONTINUE => match exchange.answer(data) {
                Ok(answer) => self.send_auth(CONTINUE, method, answer),
                Err(fault) => self.unproven(fault.to_string()),
            },
            SUCCESS if connected => match exchange.finish(data) {
                Ok(()) => {
                    if let Some(connected) = self.stage.connected_mut() {
                        connected.end_exchange();
                    }
                    self.say(Event::Reauthenticated);
                }
                Err(fault) => self.unproven(fault.to_string()),
            },
            _ => {
                return Err(breach(
                    "AUTH with a reason code that has no place here",
                    "3.15.2.1",
                ));
            }
        }
        Ok(())
    }

    /// CONNACK accepted the connection: now the broker has to prove its identity as the method requires. False: it did
    /// not, and the connection was given up.
    pub(super) fn authenticated(
        &mut self,
        properties: &ConnackProperties,
    ) -> Result<bool, Violation> {
        let Stage::Greeting(greeting) = &mut self.stage else {
            return Ok(false);
        };
        let Some(mut exchange) = greeting.take_exchange() else {
            return Ok(true);
        };
        if properties.authentication_method.as_deref() != Some(exchange.method()) {
            return Err(breach(
                "CONNACK with another authentication method than CONNECT",
                "4.12 [MQTT-4.12.0-5]",
            ));
        }
        let data = properties.authentication_data.as_deref();
        match exchange.finish(data.unwrap_or_default()) {
            Ok(()) => Ok(true),
            Err(fault) => {
                self.unproven(fault.to_string());
                Ok(false)
            }
        }
    }

    /// Begins an exchange. Returns it with its first data.
    fn exchange_anew(&mut self) -> Option<(Exchange, Vec<u8>)> {
        let authentication = self.settings.as_ref()?.authentication.as_ref()?;
        let mut exchange = self.exchanges.begin(authentication);
        let first = exchange.first();
        Some((exchange, first))
    }

    fn send_auth(&mut self, code: u8, method: &str, data: Vec<u8>) {
        let auth = Auth {
            code,
            method: Some(method.to_owned()),
            data: Some(data),
            ..Auth::default()
        };
        if let Err(error) = self.send(PacketRole::Control, |out| encode::auth(&auth, out)) {
            self.unproven(error.to_string());
        }
    }

    /// The exchange failed on this side. The reason code is 0x80, "unspecified error", because only a broker may send
    /// "not authorized".
    fn unproven(&mut self, detail: String) {
        self.part(0x80);
        self.close(4002, "authentication");
        self.give_up(Trouble::Authentication { detail });
    }
}

fn breach(detail: &'static str, clause: &'static str) -> Violation {
    Breach { detail, clause }.into()
}
