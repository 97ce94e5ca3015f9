//! Outgoing topic aliases (MQTT 5 section 3.3.2.3.4). They live as long as a network connection. Knows no packet: its
//! caller asks which alias to use for a topic, and reports what was sent.

/// The most aliases that are used, however many the broker allows: each keeps a topic in memory on both sides.
const MOST: u16 = 64;

/// A topic of at most this many bytes gets no alias, because the alias itself takes three bytes.
const SHORT: usize = 3;

/// How a PUBLISH names its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// By its name only.
    Full,
    /// By its name, together with an alias that stands for it from then on.
    Fresh(u16),
    /// By an alias that the broker already knows. The name is left empty.
    Known(u16),
}

/// All aliases of one connection, the most recently used first.
#[derive(Debug)]
pub(super) struct Aliases {
    most: u16,
    given: Vec<(String, u16)>,
}

impl Aliases {
    /// No alias is in use yet. `maximum`: the highest alias that the broker accepts; 0 for none [MQTT-3.2.2-18].
    pub(super) fn new(maximum: u16) -> Self {
        Self {
            most: maximum.min(MOST),
            given: Vec::new(),
        }
    }

    /// How the next PUBLISH should name this topic. When all aliases are in use, the least recently used one is
    /// reassigned.
    pub(super) fn naming(&self, topic: &str) -> Naming {
        if self.most == 0 || topic.len() <= SHORT {
            return Naming::Full;
        }
        if let Some((_, alias)) = self.given.iter().find(|(given, _)| given == topic) {
            return Naming::Known(*alias);
        }
        match u16::try_from(self.given.len()) {
            Ok(given) if given < self.most => Naming::Fresh(given + 1),
            _ => self
                .given
                .last()
                .map_or(Naming::Full, |&(_, alias)| Naming::Fresh(alias)),
        }
    }

    /// A PUBLISH was sent that names its topic this way.
    pub(super) fn sent(&mut self, topic: &str, naming: Naming) {
        match naming {
            Naming::Full => {}
            Naming::Known(alias) => {
                if let Some(at) = self.given.iter().position(|&(_, given)| given == alias)
                    && let Some(newer) = self.given.get_mut(..=at)
                {
                    newer.rotate_right(1);
                }
            }
            Naming::Fresh(alias) => {
                self.given.retain(|&(_, given)| given != alias);
                self.given.insert(0, (topic.to_owned(), alias));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(aliases: &mut Aliases, topic: &str) -> Naming {
        let naming = aliases.naming(topic);
        aliases.sent(topic, naming);
        naming
    }

    /// MQTT 5 [MQTT-3.2.2-17], [MQTT-3.2.2-18], [MQTT-3.3.2-8], [MQTT-3.3.2-9]
    #[test]
    fn aliases_are_1_to_the_maximum_and_the_least_recently_used_goes_first() {
        let mut aliases = Aliases::new(2);
        assert_eq!(send(&mut aliases, "home/a"), Naming::Fresh(1));
        assert_eq!(send(&mut aliases, "home/b"), Naming::Fresh(2));
        assert_eq!(send(&mut aliases, "home/a"), Naming::Known(1));
        assert_eq!(send(&mut aliases, "home/c"), Naming::Fresh(2));
        assert_eq!(send(&mut aliases, "home/a"), Naming::Known(1));
        assert_eq!(send(&mut aliases, "home/b"), Naming::Fresh(2));
        assert_eq!(send(&mut aliases, "a/b"), Naming::Full);
        let mut aliases = Aliases::new(0);
        assert_eq!(send(&mut aliases, "home/a"), Naming::Full);
    }

    #[test]
    fn no_more_is_kept_than_is_worth_it() {
        let mut aliases = Aliases::new(u16::MAX);
        for topic in 0..1000 {
            let naming = send(&mut aliases, &format!("topic/{topic}"));
            assert!(matches!(naming, Naming::Fresh(1..=MOST)), "{naming:?}");
        }
        assert_eq!(aliases.given.len(), usize::from(MOST));
    }
}
