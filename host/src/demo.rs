//! A small, lifelike set of topics: what a newcomer sees first. Makes letters, sends nothing.

use bytes::Bytes;
use midge::protocol::Qos;
use serde::Serialize;

use crate::publisher::Letter;

/// Seconds between two images.
const IMAGE_EVERY: u64 = 15;

const IMAGE_WIDTH: u32 = 64;
const IMAGE_HEIGHT: u32 = 40;

/// A value that wanders smoothly within its limits.
struct Walk {
    value: f64,
    speed: f64,
    low: f64,
    high: f64,
}

impl Walk {
    fn new(value: f64, low: f64, high: f64) -> Walk {
        Walk {
            value,
            speed: 0.0,
            low,
            high,
        }
    }

    /// One second on: the speed changes a little, and fades, and turns at the limits.
    fn step(&mut self, random: &mut fastrand::Rng) -> f64 {
        let reach = self.high - self.low;
        self.speed = self.speed * 0.9 + (random.f64() - 0.5) * reach * 0.01;
        let next = self.value + self.speed;
        if next < self.low || next > self.high {
            self.speed = -self.speed;
        }
        self.value = next.clamp(self.low, self.high);
        self.value
    }
}

/// What the device in the lab says, in this order.
#[derive(Serialize)]
struct Reading {
    device: &'static str,
    temp: f64,
    battery: f64,
    at: u64,
}

/// A lab, a kitchen, a cellar and a roof with sensors in them.
pub struct Scene {
    random: fastrand::Rng,
    lab_temp: Walk,
    lab_humidity: Walk,
    kitchen_temp: Walk,
    cellar_humidity: Walk,
    wind: Walk,
    battery: f64,
}

impl Scene {
    /// The same seed gives the same days.
    pub fn new(seed: u64) -> Scene {
        Scene {
            random: fastrand::Rng::with_seed(seed),
            lab_temp: Walk::new(23.4, 18.0, 28.0),
            lab_humidity: Walk::new(41.0, 25.0, 65.0),
            kitchen_temp: Walk::new(21.8, 17.0, 27.0),
            cellar_humidity: Walk::new(68.0, 50.0, 90.0),
            wind: Walk::new(3.5, 0.0, 14.0),
            battery: 0.82,
        }
    }

    /// What is said in this second since the start; `unix` is the time of day in seconds.
    pub fn second(&mut self, second: u64, unix: u64) -> Vec<Letter> {
        let random = &mut self.random;
        let lab_temp = self.lab_temp.step(random);
        let lab_humidity = self.lab_humidity.step(random);
        let kitchen_temp = self.kitchen_temp.step(random);
        let cellar_humidity = self.cellar_humidity.step(random);
        let wind = self.wind.step(random);
        // A battery that is charged again when it is low.
        self.battery -= 0.0001;
        if self.battery < 0.2 {
            self.battery = 1.0;
        }

        let mut letters = Vec::new();
        if second == 0 {
            letters.push(Letter {
                retain: true,
                qos: Qos::AtLeastOnce,
                ..number("sensors/lab/state", "online".to_owned())
            });
        }
        let reading = Reading {
            device: "lab-3",
            temp: rounded(lab_temp, 10.0),
            battery: rounded(self.battery, 100.0),
            at: unix,
        };
        if let Ok(json) = serde_json::to_string(&reading) {
            letters.push(Letter {
                qos: Qos::AtLeastOnce,
                ..number("sensors/lab/temp", json)
            });
        }
        letters.push(number("sensors/roof/wind", format!("{wind:.1}")));
        if second.is_multiple_of(2) {
            letters.push(number("sensors/lab/humidity", format!("{lab_humidity:.1}")));
        }
        if second % 3 == 1 {
            letters.push(number("kitchen/lab/temp", format!("{kitchen_temp:.1}")));
        }
        if second % 5 == 2 {
            letters.push(number(
                "sensors/cellar/humidity",
                format!("{cellar_humidity:.1}"),
            ));
        }
        if second.is_multiple_of(IMAGE_EVERY)
            && let Ok(image) = image(second)
        {
            letters.push(Letter {
                topic: "sensors/roof/image",
                payload: image.into(),
                qos: Qos::AtMostOnce,
                retain: false,
            });
        }
        letters
    }
}

fn number(topic: &'static str, text: String) -> Letter {
    Letter {
        topic,
        payload: Bytes::from(text),
        qos: Qos::AtMostOnce,
        retain: false,
    }
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

/// The sky over the roof as a PNG: a gradient whose sun goes from left to right.
fn image(second: u64) -> Result<Vec<u8>, png::EncodingError> {
    let sun = (second / IMAGE_EVERY * 7 % u64::from(IMAGE_WIDTH)) as f32;
    let mut pixels = Vec::with_capacity((IMAGE_WIDTH * IMAGE_HEIGHT * 3) as usize);
    for y in 0..IMAGE_HEIGHT {
        for x in 0..IMAGE_WIDTH {
            let depth = y as f32 / IMAGE_HEIGHT as f32;
            let distance = (x as f32 - sun).hypot(y as f32 - 12.0);
            let glow = (1.0 - distance / 24.0).max(0.0);
            // `as` holds values within 0 to 255.
            pixels.push((60.0 + 120.0 * depth + 140.0 * glow) as u8);
            pixels.push((120.0 + 70.0 * depth + 90.0 * glow) as u8);
            pixels.push((200.0 - 60.0 * depth + 30.0 * glow) as u8);
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, IMAGE_WIDTH, IMAGE_HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn first_minutes() -> Vec<Letter> {
        let mut scene = Scene::new(7);
        (0..600)
            .flat_map(|second| scene.second(second, 1_700_000_000 + second))
            .collect()
    }

    #[test]
    fn every_topic_speaks_at_its_own_pace() {
        let mut counts = BTreeMap::new();
        for letter in first_minutes() {
            *counts.entry(letter.topic).or_insert(0) += 1;
        }
        let expected = BTreeMap::from([
            ("kitchen/lab/temp", 200),
            ("sensors/cellar/humidity", 120),
            ("sensors/lab/humidity", 300),
            ("sensors/lab/state", 1),
            ("sensors/lab/temp", 600),
            ("sensors/roof/image", 40),
            ("sensors/roof/wind", 600),
        ]);
        assert_eq!(counts, expected);
    }

    #[test]
    fn values_wander_smoothly_within_their_limits() {
        let winds: Vec<f64> = first_minutes()
            .iter()
            .filter(|letter| letter.topic == "sensors/roof/wind")
            .map(|letter| {
                std::str::from_utf8(&letter.payload)
                    .unwrap()
                    .parse()
                    .unwrap()
            })
            .collect();
        assert!(winds.iter().all(|wind| (0.0..=14.0).contains(wind)));
        assert!(winds.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 1.5));
        let (low, high) = winds
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), w| (l.min(*w), h.max(*w)));
        assert!(high - low > 1.0, "it stands still: {low} to {high}");
    }

    #[test]
    fn the_reading_of_the_lab_is_json_at_qos_1() {
        let letters = first_minutes();
        let reading = letters
            .iter()
            .find(|l| l.topic == "sensors/lab/temp")
            .unwrap();
        assert_eq!(reading.qos, Qos::AtLeastOnce);
        let value: serde_json::Value = serde_json::from_slice(&reading.payload).unwrap();
        assert_eq!(value["device"], "lab-3");
        assert_eq!(value["at"], 1_700_000_000);
        assert!(value["temp"].is_f64() && value["battery"].is_f64());
    }

    #[test]
    fn the_image_is_a_png_that_changes() {
        let letters = first_minutes();
        let mut images = letters.iter().filter(|l| l.topic == "sensors/roof/image");
        let (one, two) = (images.next().unwrap(), images.next().unwrap());
        assert_ne!(one.payload, two.payload);
        let decoder = png::Decoder::new(std::io::Cursor::new(&one.payload[..]));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (64, 40));
    }
}
