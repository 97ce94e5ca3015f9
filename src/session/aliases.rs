//! The topic aliases that this client gives out (MQTT 5 section 3.3.2.3.4). They live as long as a network connection.
//! Knows no packet: it is asked what may stand for a topic, and told what was sent.

/// How many aliases are given out at the most, however many the broker allows: each keeps a topic in memory on both
/// sides.
const MOST: u16 = 64;

/// A topic of so many bytes or fewer is not worth an alias, which takes three bytes itself.
const SHORT: usize = 3;

/// What may stand for a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// Nothing: the topic goes out in full.
    Full,
    /// The topic goes out in full, and with this alias from here on.
    Fresh(u16),
    /// The broker knows this alias for it, so that the topic stays out.
    Known(u16),
}

/// All aliases of one connection, the most recently used first.
#[derive(Debug)]
pub(super) struct Aliases {
    most: u16,
    given: Vec<(String, u16)>,
}

impl Aliases {
    /// None is given yet. `maximum`: the highest that the broker takes; 0 for none [MQTT-3.2.2-18].
    pub(super) fn new(maximum: u16) -> Self {
        Self {
            most: maximum.min(MOST),
            given: Vec::new(),
        }
    }

    /// What may stand for a topic. When all are given, the one that was not used for the longest time is given anew.
    pub(super) fn stand(&self, topic: &str) -> Stand {
        if self.most == 0 || topic.len() <= SHORT {
            return Stand::Full;
        }
        if let Some((_, alias)) = self.given.iter().find(|(given, _)| given == topic) {
            return Stand::Known(*alias);
        }
        match u16::try_from(self.given.len()) {
            Ok(given) if given < self.most => Stand::Fresh(given + 1),
            _ => self
                .given
                .last()
                .map_or(Stand::Full, |&(_, alias)| Stand::Fresh(alias)),
        }
    }

    /// A packet with this went out.
    pub(super) fn sent(&mut self, topic: &str, stand: Stand) {
        match stand {
            Stand::Full => {}
            Stand::Known(alias) => {
                if let Some(at) = self.given.iter().position(|&(_, given)| given == alias)
                    && let Some(newer) = self.given.get_mut(..=at)
                {
                    newer.rotate_right(1);
                }
            }
            Stand::Fresh(alias) => {
                self.given.retain(|&(_, given)| given != alias);
                self.given.insert(0, (topic.to_owned(), alias));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(aliases: &mut Aliases, topic: &str) -> Stand {
        let stand = aliases.stand(topic);
        aliases.sent(topic, stand);
        stand
    }

    /// MQTT 5 [MQTT-3.2.2-17], [MQTT-3.2.2-18], [MQTT-3.3.2-8], [MQTT-3.3.2-9]
    #[test]
    fn aliases_are_1_to_the_maximum_and_the_least_recently_used_goes_first() {
        let mut aliases = Aliases::new(2);
        assert_eq!(send(&mut aliases, "home/a"), Stand::Fresh(1));
        assert_eq!(send(&mut aliases, "home/b"), Stand::Fresh(2));
        assert_eq!(send(&mut aliases, "home/a"), Stand::Known(1));
        assert_eq!(send(&mut aliases, "home/c"), Stand::Fresh(2));
        assert_eq!(send(&mut aliases, "home/a"), Stand::Known(1));
        assert_eq!(send(&mut aliases, "home/b"), Stand::Fresh(2));
        assert_eq!(send(&mut aliases, "a/b"), Stand::Full);
        let mut aliases = Aliases::new(0);
        assert_eq!(send(&mut aliases, "home/a"), Stand::Full);
    }

    #[test]
    fn no_more_is_kept_than_is_worth_it() {
        let mut aliases = Aliases::new(u16::MAX);
        for topic in 0..1000 {
            let stand = send(&mut aliases, &format!("topic/{topic}"));
            assert!(matches!(stand, Stand::Fresh(1..=MOST)), "{stand:?}");
        }
        assert_eq!(aliases.given.len(), usize::from(MOST));
    }
}
