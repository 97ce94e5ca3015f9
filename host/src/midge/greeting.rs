//! What the person at the terminal is told once everything is there.

use std::fmt::Write;
use std::io::{self, IsTerminal};

use super::{MQTT_PATH, Midge, lan_url};
use crate::lan;

impl Midge {
    /// What to tell the person at the terminal: every address, one to a line, and in a network a
    /// QR code for phones.
    pub fn greeting(&self) -> String {
        let mut text = format!("Midge is at {}\n", self.page_url());
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "MQTT over WebSocket: ws://127.0.0.1:{}{MQTT_PATH}",
            self.port()
        );
        if let Some(tcp) = self.tcp_port() {
            let _ = writeln!(text, "MQTT over TCP: mqtt://127.0.0.1:{tcp}");
        }
        if let Some(https) = self.https {
            let _ = writeln!(text, "Over https: https://localhost:{https}/");
        }
        if let Some(mqtts) = self.mqtts {
            let _ = writeln!(text, "MQTT over TLS: mqtts://localhost:{mqtts}");
        }
        if let Some(ca) = &self.ca {
            let (page, file) = (self.page_url(), ca.display());
            let _ = writeln!(text, "Trust its CA once: {page}ca (the file is {file})");
        }
        for broker in &self.brokers {
            let (address, path) = (broker.address(), broker.path());
            let _ = writeln!(
                text,
                "A way to {address}: ws://127.0.0.1:{}{path}",
                self.port()
            );
        }
        if let Some(lan) = self.lan {
            let url = lan_url(lan, self.page);
            let _ = writeln!(text, "In this network: {url}");
            if let Some(https) = self.https {
                let _ = writeln!(
                    text,
                    "There over https: https://{lan}:{https}/, its CA: {url}ca"
                );
            }
            if let Some(tcp) = self.tcp_port() {
                let _ = writeln!(text, "For devices there: mqtt://{lan}:{tcp}");
            }
            // In a terminal the colours are set, as the ground may be light.
            let (before, after) = match io::stdout().is_terminal() {
                true => ("\x1b[97;40m", "\x1b[0m"),
                false => ("", ""),
            };
            for line in lan::qr_code(&url).unwrap_or_default() {
                let _ = writeln!(text, "{before}{line}{after}");
            }
        }
        if self.everyone {
            text.push_str(
                "Everyone in this network may join; --user NAME:PASSWORD asks for a password.\n",
            );
        }
        if (self.lan.is_some() || self.lan_missing) && !self.brokers.is_empty() {
            text.push_str(
                "Everyone in this network reaches the brokers of --broker, whose own rules hold there.\n",
            );
        }
        if self.lan_missing {
            text.push_str("This machine seems to be in no network: no address for others.\n");
        }
        text.push_str("Ctrl-C stops it.\n");
        text
    }
}
