//! A run from its beginning until everything rests, and the judgement of it.

use midge::protocol::Qos;
use midge::session::Phase;

use super::super::broker::SOMETIMES;
use super::{Happening, Outcome, Plan, SECOND, World};

/// Runs a plan to its end and judges it. On a failure the plan is run again, and its course is told.
pub fn run(plan: &Plan) -> Result<Outcome, String> {
    World::new(plan, false).live().map_err(|_| {
        let mut world = World::new(plan, true);
        match world.live() {
            Ok(_) => "the second run did not fail: not deterministic".to_owned(),
            Err(why) => {
                let course = world.trace.unwrap_or_default().join("\n");
                format!("{why}\n{plan:?}\n{course}")
            }
        }
    })
}

impl World {
    fn live(&mut self) -> Result<Outcome, String> {
        self.until_quiet()?;
        let left = self.mishaps.len();
        self.mishaps.clear();
        let places = std::mem::take(&mut self.places);
        // Afterwards everything works as on the first day.
        for (number, qos) in [(60_001, 1), (60_002, 2)] {
            self.publish(number, Qos::from_bits(qos).unwrap_or_default());
            self.receive(number, qos);
        }
        self.until_quiet()?;
        self.note_arrivals();
        let page = self.page.as_ref().ok_or("no page")?;
        if page.session.identifiers_in_use() != 0 {
            let used = page.session.identifiers_in_use();
            return Err(format!("{used} identifiers leaked"));
        }
        if self.broker.holds(SOMETIMES) != self.wants && !self.ledger.deceived {
            return Err(format!("the user wants the filter: {}", self.wants));
        }
        // One record for the session, one for each subscription, and none of a delivery.
        let most = 2 + usize::from(self.wants);
        if self.storage_works && !self.ledger.deceived && self.storage.len() > most {
            return Err(format!("left in storage: {:?}", self.storage.keys()));
        }
        self.ledger.judge(&self.broker)?;
        Ok(Outcome {
            places,
            deceived: self.ledger.deceived,
            fed_up: self.ledger.fed_up,
            left,
            unnoticed: self.ledger.unnoticed,
        })
    }

    fn until_quiet(&mut self) -> Result<(), String> {
        let planned = self.plan.deeds.iter().map(|(at, _)| SECOND + at).max();
        let mut last_deed = self.now.max(planned.unwrap_or(0));
        for _ in 0..100_000 {
            if self.active == 0 && self.is_quiet() {
                return Ok(());
            }
            let Some(((at, _), happening)) = self.agenda.pop_first() else {
                return Err("nothing will ever happen again".to_owned());
            };
            self.now = self.now.max(at);
            match happening {
                Happening::Wake => self.wake = None,
                Happening::Deed(_) | Happening::Reopen => {
                    self.active -= 1;
                    last_deed = last_deed.max(self.now);
                }
                _ => self.active -= 1,
            }
            if self.now > last_deed + 900 * SECOND {
                return Err(self.describe("hangs"));
            }
            self.happen(happening);
        }
        Err(self.describe("never comes to rest"))
    }

    fn is_quiet(&self) -> bool {
        let kept = self.broker.kept.as_ref();
        self.page.as_ref().is_some_and(|page| {
            page.session.phase() == Phase::Connected
                && page.session.in_flight() == 0
                && page.uncommitted() == 0
                && !page.holds_back()
        }) && kept.is_some_and(|kept| kept.outgoing.is_empty())
            && self.link.is_some()
            && !self.vanishing
    }

    fn describe(&self, what: &str) -> String {
        let page = self.page.as_ref();
        format!(
            "{what}: phase {:?}, trouble {:?}, {:?} in flight, broker {:?}",
            page.map(|page| page.session.phase()),
            page.and_then(|page| page.session.trouble()),
            page.map(|page| page.session.in_flight()),
            self.broker.kept
        )
    }
}
