//! All subscriptions with their states.

use crate::{
    capture::Capture,
    engine::{
        palette::{Palette, Swatch},
        pane::{Pane, World},
    },
    link::{self, Answer, Subscription},
    session,
};

/// The subscriptions.
#[derive(Debug, Default)]
pub struct Subscriptions;

impl Pane for Subscriptions {
    type Answer = Vec<Subscription>;
    const INTO_ANSWER: fn(Vec<Subscription>) -> Answer = Answer::Subscriptions;

    fn answer(&mut self, world: &World<'_>) -> Option<Vec<Subscription>> {
        let wanted = world.session.subscriptions();
        Some(subscriptions(wanted, world.capture, world.palette))
    }
}

/// All subscriptions.
fn subscriptions(
    wanted: &[session::Subscription],
    capture: &Capture,
    palette: &Palette,
) -> Vec<Subscription> {
    let described = |swatch: &Swatch| {
        let wanted = wanted
            .iter()
            .find(|wanted| wanted.filter == swatch.filter)?;
        let (count, rate) = capture.filter_count(&swatch.filter);
        Some(Subscription {
            filter: swatch.filter.clone(),
            options: wanted.options,
            identifier: wanted.identifier,
            reason: wanted.reason.clone(),
            grant: grant(wanted.grant),
            colour: swatch.colour,
            muted: swatch.muted,
            count,
            rate,
        })
    };
    palette.all().iter().filter_map(described).collect()
}

fn grant(grant: session::Grant) -> link::Grant {
    match grant {
        session::Grant::Asleep => link::Grant::Asleep,
        session::Grant::Asked => link::Grant::Asked,
        session::Grant::Granted(qos) => link::Grant::Granted(qos),
        session::Grant::Refused(code) => link::Grant::Refused(code),
        session::Grant::Forbidden(why) => link::Grant::Forbidden(why),
        session::Grant::Withheld => link::Grant::Withheld,
    }
}
