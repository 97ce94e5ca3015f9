//! What devices measure and do. A thing says what is to be published, by the suffix of the topic; its device knows the rest.

mod button;
mod climate;
mod door;
mod lamp;
mod meter;
mod motion;
mod saying;
mod tracker;

use fastrand::Rng;

use super::Kind;

pub(super) use saying::{Saying, Sayings, Thing};

/// The thing of a template.
pub(super) fn of(kind: Kind, rng: &mut Rng) -> Box<dyn Thing> {
    match kind {
        Kind::Thermometer => Box::new(climate::Thermometer::new(rng)),
        Kind::Humidity => Box::new(climate::Hygrometer::new(rng)),
        Kind::Lamp => Box::new(lamp::Lamp::default()),
        Kind::Door => Box::new(door::Door::default()),
        Kind::Motion => Box::new(motion::Motion::default()),
        Kind::Button => Box::new(button::Button::default()),
        Kind::Power => Box::new(meter::Meter::new(rng)),
        Kind::Tracker => Box::new(tracker::Tracker::new(rng)),
    }
}
