//! Single large messages: how soon they are visible, and whether the page stalls.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::case::{Bound, Case, Goal, Of, column};
use crate::frames::{frame, publish};
use crate::measure::{Bench, Plan};
use crate::pages::Reply;

/// What the page wants to be sent.
#[derive(Deserialize)]
struct Wanted {
    name: String,
    topic: String,
}

/// Bytes that no text and no picture has: the same in every run.
fn binary(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// JSON of a list of readings, of this length.
fn readings(length: usize) -> Vec<u8> {
    let mut text = String::from("[");
    for number in 0.. {
        let reading = format!(
            "{{\"sensor\":\"line{}/sensor{number}\",\"value\":{}.{},\"good\":true,\"tags\":[\"a\",\"b\"]}}",
            number % 10,
            number % 100,
            number % 7
        );
        if text.len() + reading.len() + 2 > length {
            break;
        }
        if number > 0 {
            text.push(',');
        }
        text.push_str(&reading);
    }
    while text.len() < length - 1 {
        text.push(' ');
    }
    text.push(']');
    text.into_bytes()
}

fn payload(name: &str) -> Result<Vec<u8>, String> {
    match name {
        "binary500k" => Ok(binary(500_000)),
        "json226k" => Ok(readings(226_000)),
        "binary10m" => Ok(binary(10_000_000)),
        other => Err(format!("there is no message {other}")),
    }
}

/// The case.
pub fn case() -> Case {
    let visible = |words, key, most| Goal {
        words,
        of: Of::Value("midge", key),
        bound: Bound::AtMost(most),
    };
    let stall = |words, key| Goal {
        words,
        of: Of::Largest("midge", key),
        bound: Bound::AtMost(50.0),
    };
    Case {
        name: "large",
        title: "one 500 KB binary, one 226 KB JSON, one 10 MB binary",
        how: "Each five times. Visible: from the page's word to the sender until the row is painted; opened: from the \
              click on the row until the inspector with the payload is painted. Stall: the longest task of the main \
              thread, 0 where none took longer than 50 ms.",
        long: false,
        columns: vec![
            column("binary500k_visible", "500 KB visible, ms", 0),
            column("binary500k_opened", "opened, ms", 0),
            column("binary500k_stall", "stall, ms", 0),
            column("json226k_visible", "226 KB JSON visible, ms", 0),
            column("json226k_opened", "opened, ms", 0),
            column("json226k_stall", "stall, ms", 0),
            column("binary10m_visible", "10 MB visible, ms", 0),
            column("binary10m_opened", "opened, ms", 0),
            column("binary10m_stall", "stall, ms", 0),
        ],
        goals: vec![
            visible(
                "500 KB binary visible in ms, at most 100",
                "binary500k_visible",
                100.0,
            ),
            visible(
                "226 KB JSON visible in ms, at most 100",
                "json226k_visible",
                100.0,
            ),
            visible(
                "10 MB binary visible in ms, at most 300",
                "binary10m_visible",
                300.0,
            ),
            visible(
                "500 KB binary opened in ms, at most 100",
                "binary500k_opened",
                100.0,
            ),
            visible(
                "226 KB JSON opened in ms, at most 100",
                "json226k_opened",
                100.0,
            ),
            visible(
                "10 MB binary opened in ms, at most 300",
                "binary10m_opened",
                300.0,
            ),
            stall(
                "500 KB binary: longest stall in ms, at most 50",
                "binary500k_stall",
            ),
            stall(
                "226 KB JSON: longest stall in ms, at most 50",
                "json226k_stall",
            ),
            stall(
                "10 MB binary: longest stall in ms, at most 50",
                "binary10m_stall",
            ),
        ],
        run: Box::new(|bench: &Bench| {
            let times = if bench.options.quick { 1 } else { 5 };
            let mut measurements = Vec::new();
            for round in 1..=bench.options.rounds {
                let mut plan = Plan::receive("midge", bench.sender_address(), 60.0);
                plan.kind = "large";
                let messages = ["binary500k", "json226k", "binary10m"]
                    .map(|name| json!({ "name": name, "times": times }));
                plan.more = json!({ "messages": messages });
                bench.sender.reset(false);
                let sender = Arc::clone(&bench.sender);
                let answers = move |word: &str, body: &[u8]| {
                    if word != "send" {
                        return Err(format!("nothing answers to {word}"));
                    }
                    let wanted: Wanted =
                        serde_json::from_slice(body).map_err(|error| error.to_string())?;
                    let connection = sender.connection(Duration::from_secs(10))?;
                    let packet =
                        publish(&wanted.topic, &payload(&wanted.name)?, connection.version)?;
                    let mut bytes = Vec::new();
                    frame(&packet, &mut bytes);
                    connection
                        .write(&bytes)
                        .map_err(|error| error.to_string())?;
                    Ok(Reply::Json(json!({ "bytes": bytes.len() })))
                };
                measurements.push(bench.measure(round, &plan, Arc::new(answers)));
            }
            Ok(measurements)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payloads_have_the_lengths_that_they_are_named_for() {
        assert_eq!(payload("binary500k").map(|bytes| bytes.len()), Ok(500_000));
        assert_eq!(
            payload("binary10m").map(|bytes| bytes.len()),
            Ok(10_000_000)
        );
        let json = payload("json226k").expect("it is there");
        assert_eq!(json.len(), 226_000);
        assert!(serde_json::from_slice::<serde_json::Value>(&json).is_ok());
        assert!(std::str::from_utf8(&binary(1_000)).is_err());
    }
}
