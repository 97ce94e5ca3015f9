//! A lamp. It takes ON, OFF, TOGGLE and JSON, says its new state, and complains of what it does not understand.

use fastrand::Rng;
use serde::Deserialize;

use super::super::template::{LOG, STATE};
use super::saying::{Saying, Sayings, Thing};

/// Bytes of the longest command.
const LONGEST: usize = 1024;
/// Characters of a command that a complaint repeats.
const REPEATED: usize = 40;
const HELP: &str = "Send ON, OFF, TOGGLE or {\"state\":\"ON\",\"brightness\":0 to 100}.";

#[derive(Debug)]
pub(super) struct Lamp {
    on: bool,
    brightness: u8,
}

impl Default for Lamp {
    fn default() -> Self {
        Self {
            on: false,
            brightness: 100,
        }
    }
}

/// A command as JSON. What else stands in it is not looked at.
#[derive(Deserialize)]
struct Wish {
    state: Option<String>,
    brightness: Option<i64>,
}

impl Lamp {
    fn state(&self) -> Saying {
        let state = if self.on { "ON" } else { "OFF" };
        let brightness = self.brightness;
        Saying::json(
            STATE,
            format!("{{\"state\":\"{state}\",\"brightness\":{brightness}}}"),
        )
    }

    /// Whether a word leaves it on; `None`: it is none of its words.
    fn word(&self, word: &str) -> Option<bool> {
        [("on", true), ("off", false), ("toggle", !self.on)]
            .into_iter()
            .find(|(known, _)| word.trim().eq_ignore_ascii_case(known))
            .map(|(_, on)| on)
    }

    fn obey(&mut self, text: &str) -> Result<(), String> {
        if let Some(on) = self.word(text) {
            self.on = on;
            return Ok(());
        }
        if !text.trim_start().starts_with('{') {
            return Err(format!("Not understood: {}.", repeated(text)));
        }
        let Ok(wish) = serde_json::from_str::<Wish>(text) else {
            return Err(format!("Not readable as JSON: {}.", repeated(text)));
        };
        // All of it is looked at before any of it is done.
        let on = match &wish.state {
            Some(word) => Some(
                self.word(word)
                    .ok_or_else(|| format!("No such state: {}.", repeated(word)))?,
            ),
            None => wish.brightness.map(|brightness| brightness > 0),
        };
        let Some(on) = on else {
            return Err("Neither state nor brightness in the JSON.".to_owned());
        };
        if let Some(asked) = wish.brightness {
            let brightness = u8::try_from(asked).ok().filter(|b| *b <= 100);
            self.brightness =
                brightness.ok_or_else(|| format!("Brightness {asked} is not 0 to 100."))?;
        }
        self.on = on;
        Ok(())
    }
}

fn repeated(text: &str) -> String {
    let mut start: String = text.chars().take(REPEATED).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("{start:?}")
}

impl Thing for Lamp {
    fn greet(&mut self, _rng: &mut Rng, say: &mut Sayings) {
        say.push(self.state());
    }

    fn by_hand(&mut self, say: &mut Sayings) {
        self.on = !self.on;
        say.push(self.state());
    }

    fn command(&mut self, start: &[u8], len: usize, say: &mut Sayings) -> Result<Saying, String> {
        let obeyed = match std::str::from_utf8(start) {
            _ if len > LONGEST => Err(format!(
                "The command is too long: {len} bytes, {LONGEST} are allowed."
            )),
            Ok("") => Err("The command is empty.".to_owned()),
            Ok(text) => self.obey(text),
            Err(_) => Err(format!("The command is no text: {len} bytes.")),
        };
        match obeyed {
            Ok(()) => {
                say.push(self.state());
                Ok(self.state())
            }
            Err(why) => {
                let complaint = format!("{why} {HELP}");
                say.push(Saying::text(LOG, complaint.clone()));
                Err(complaint)
            }
        }
    }
}
