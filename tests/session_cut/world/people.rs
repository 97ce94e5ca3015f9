//! What the user, the other clients of the broker, and the machine do.

use midge::protocol::Qos;
use midge::session::{Input, Message, Phase, Settings};

use super::super::broker::{SOMETIMES, TOPIC};
use super::super::page::settings;
use super::{Deed, Happening, MILLI, SECOND, World};

impl World {
    pub(super) fn settings(&self) -> Settings {
        let plan = &self.plan;
        settings(
            plan.version,
            plan.keep_alive,
            plan.receive_maximum,
            plan.clean,
        )
    }

    pub(super) fn deed(&mut self, deed: Deed) {
        let elsewhere = matches!(
            deed,
            Deed::Receive { .. } | Deed::Suffer(_) | Deed::Sleep(_)
        );
        let Some(page) = self
            .page
            .as_mut()
            .filter(|_| elsewhere || self.now >= self.asleep_until)
        else {
            if elsewhere {
                self.deed_elsewhere(deed);
            } else {
                // Nobody is there to do it.
                let at = self.now.max(self.asleep_until) + SECOND;
                self.add(at, Happening::Deed(deed));
            }
            return;
        };
        let life = page.life;
        match deed {
            Deed::Publish { number, qos } => self.publish(number, qos),
            Deed::Cancel(number) => self.tell(life, Input::Cancel(u32::from(number))),
            Deed::Leave(time) => {
                if self.plan.clean {
                    self.ledger.given_up();
                }
                self.tell(life, Input::Disconnect);
                self.ledger.parted();
                self.add(self.now + time, Happening::Deed(Deed::Return));
            }
            Deed::Return if page.session.phase() != Phase::Disconnected => {}
            Deed::Return if page.uncommitted() > 0 => {
                self.add(self.now + MILLI, Happening::Deed(deed));
            }
            Deed::Return => {
                let settings = self.settings();
                if let Some(page) = &mut self.page {
                    page.connect(self.now, settings, &self.storage);
                }
                self.after_page();
            }
            Deed::Persist if page.session.phase() == Phase::Failed => {
                self.tell(life, Input::TryNow);
            }
            Deed::Persist => {}
            Deed::Want(wants) => {
                self.wants = wants;
                if wants {
                    page.subscribe(self.now, SOMETIMES);
                    self.after_page();
                } else {
                    self.tell(life, Input::Unsubscribe(SOMETIMES.to_owned()));
                }
            }
            Deed::ChangeNetwork => self.tell(life, Input::NetworkChanged),
            Deed::FailStorage => {
                self.storage_works = false;
                self.ledger.storage_may_fail = true;
                self.fail_storage();
            }
            Deed::Receive { .. } | Deed::Suffer(_) | Deed::Sleep(_) => self.deed_elsewhere(deed),
        }
    }

    pub(super) fn fail_storage(&mut self) {
        let Some(page) = &mut self.page else {
            return;
        };
        let mut acts = Vec::new();
        page.fail(&mut acts);
        let (life, committed) = (page.life, page.committed);
        self.ledger.committed(committed);
        self.act(acts);
        let detail = "full".to_owned();
        self.tell(life, Input::StorageFailed { detail });
    }

    pub(super) fn deed_elsewhere(&mut self, deed: Deed) {
        match deed {
            Deed::Receive { number, qos } => {
                self.receive(number, qos);
            }
            Deed::Suffer(mishap) => self.suffer(mishap),
            Deed::Sleep(time) => {
                self.asleep_until = self.asleep_until.max(self.now + time);
                self.add(self.asleep_until, Happening::Awake);
            }
            _ => {}
        }
    }

    pub(super) fn publish(&mut self, number: u16, qos: Qos) {
        let Some(page) = &mut self.page else {
            return;
        };
        let message = Message {
            number: u32::from(number),
            topic: TOPIC.to_owned(),
            payload: number.to_be_bytes().to_vec(),
            qos,
            ..Message::default()
        };
        self.ledger.published(number, qos.bits());
        page.session.handle(self.now, Input::Publish(message));
        self.after_page();
        if let Some(page) = self.page.as_ref().filter(|_| !self.plan.clean) {
            self.ledger.stored_by(number, page.issued, page.committed);
        }
    }

    pub(super) fn receive(&mut self, number: u16, qos: u8) {
        if self.broker.holds(TOPIC) {
            self.ledger.sent_to_client(number, qos);
            self.broker.publish(number, qos);
            self.after_broker();
        }
    }
}
