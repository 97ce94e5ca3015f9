//! What the broker asks us while it runs: who may connect, which topics are allowed, and what it
//! tells us: messages that pass, connections that end.

use std::sync::Arc;

use async_trait::async_trait;
use rmqtt::codec::v5::SubscribeAckReason;
use rmqtt::hook::{Handler, HookManager, HookResult, Parameter, ReturnType, Type};
use rmqtt::types::{AuthResult, ConnectInfo, PublishAclResult, Reason, SubscribeAclResult};

use crate::User;
use crate::endings::{Ending, Endings};
use crate::traffic::Counters;

const ASKED: [Type; 6] = [
    Type::ClientAuthenticate,
    Type::ClientDisconnected,
    Type::ClientSubscribeCheckAcl,
    Type::MessagePublishCheckAcl,
    Type::MessagePublish,
    Type::MessageDelivered,
];

#[derive(Clone)]
pub(crate) struct Hooks {
    pub(crate) users: Arc<[User]>,
    pub(crate) endings: Arc<Endings>,
    pub(crate) traffic: Arc<Counters>,
}

impl Hooks {
    pub(crate) async fn install(self, manager: &dyn HookManager) {
        let register = manager.register();
        for asked in ASKED {
            register.add(asked, Box::new(self.clone())).await;
        }
        register.start().await;
    }

    fn authenticate(&self, connect: &ConnectInfo) -> AuthResult {
        if self.users.is_empty() {
            return AuthResult::Allow(false, None);
        }
        let Some(name) = connect.username() else {
            return AuthResult::NotAuthorized;
        };
        let password = connect.password().map(|p| p.as_ref()).unwrap_or_default();
        // Every user is looked at in full, so that time tells nothing about the names.
        let mut known = false;
        for user in self.users.iter() {
            let named = same(user.name.as_bytes(), name.as_bytes());
            let fitting = same(user.password.as_bytes(), password);
            known |= named & fitting;
        }
        if known {
            AuthResult::Allow(false, None)
        } else {
            AuthResult::BadUsernameOrPassword
        }
    }
}

#[async_trait]
impl Handler for Hooks {
    async fn hook(&self, asked: &Parameter, so_far: Option<HookResult>) -> ReturnType {
        match asked {
            Parameter::ClientAuthenticate(connect) => {
                let answer = self.authenticate(connect);
                if !matches!(answer, AuthResult::Allow(..))
                    && let Some(client) = connect.id().remote_addr
                {
                    // rmqtt tells no ending for a connection that it refuses.
                    self.endings.tell(client, Ending::Other);
                }
                (false, Some(HookResult::AuthResult(answer)))
            }
            Parameter::ClientDisconnected(session, reason) => {
                if let Some(client) = session.id.remote_addr {
                    self.endings.tell(client, ending(reason));
                }
                (true, so_far)
            }
            Parameter::ClientSubscribeCheckAcl(_, subscribe) => {
                if subscribe.topic_filter.contains('\0') {
                    let refusal =
                        SubscribeAclResult::new_failure(SubscribeAckReason::TopicFilterInvalid);
                    return (false, Some(HookResult::SubscribeAclResult(refusal)));
                }
                (true, so_far)
            }
            Parameter::MessagePublishCheckAcl(_, publish) => {
                let answer = if publishable(&publish.topic) {
                    PublishAclResult::allow()
                } else {
                    // A malformed packet ends the connection [MQTT-3.3.2-2], [MQTT-1.5.3-2].
                    PublishAclResult::rejected(true, None)
                };
                (false, Some(HookResult::PublishAclResult(answer)))
            }
            Parameter::MessagePublish(_, _, publish) => {
                self.traffic.count_received(publish.payload.len());
                (true, so_far)
            }
            Parameter::MessageDelivered(_, _, publish) => {
                self.traffic.count_sent(publish.payload.len());
                (true, so_far)
            }
            _ => (true, so_far),
        }
    }
}

fn ending(reason: &Reason) -> Ending {
    let taken_over = match reason {
        Reason::Reasons(reasons) => reasons.iter().any(|reason| reason.is_kicked(false)),
        reason => reason.is_kicked(false),
    };
    if taken_over {
        Ending::TakenOver
    } else {
        Ending::Other
    }
}

/// No wildcard and no NUL in a topic name [MQTT-3.3.2-2], [MQTT-1.5.3-2]. rmqtt lets both pass.
fn publishable(topic: &str) -> bool {
    !topic.contains(['+', '#', '\0'])
}

/// Compares in a time that depends on the lengths alone.
fn same(ours: &[u8], theirs: &[u8]) -> bool {
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .fold(0, |differing, (a, b)| differing | (a ^ b))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_name_has_no_wildcard_and_no_nul() {
        assert!(publishable("sensors/lab/temp"));
        assert!(publishable("$SYS/broker/uptime"));
        assert!(!publishable("sensors/#"));
        assert!(!publishable("sensors/+/temp"));
        assert!(!publishable("sensors/\0"));
    }

    #[test]
    fn a_takeover_is_seen_among_several_reasons() {
        let reasons = Reason::Reasons(vec![Reason::Unknown, Reason::ConnectKicked(false)]);
        assert_eq!(ending(&reasons), Ending::TakenOver);
        assert_eq!(
            ending(&Reason::Reasons(vec![Reason::ConnectRemoteClose])),
            Ending::Other
        );
    }

    #[test]
    fn only_equal_bytes_are_the_same() {
        assert!(same(b"tea", b"tea"));
        assert!(!same(b"tea", b"ten"));
        assert!(!same(b"tea", b"teas"));
        assert!(same(b"", b""));
    }
}
