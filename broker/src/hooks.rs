//! What the broker asks us while it runs: who may connect, which topics are allowed, what may be kept; and what it
//! tells us: messages that pass, connections and sessions that begin and end.

use std::sync::Arc;

use async_trait::async_trait;
use rmqtt::codec::types::QoS;
use rmqtt::codec::v5::{PublishAckReason, SubscribeAckReason};
use rmqtt::hook::{Handler, HookManager, HookResult, Parameter, ReturnType, Type};
use rmqtt::inflight::MomentStatus;
use rmqtt::session::Session;
use rmqtt::types::{
    AuthResult, ClientId, ConnectInfo, Id, Publish, PublishAclResult, PublishResult, Reason,
    Subscribe, SubscribeAclResult,
};

use crate::endings::{Ending, Endings};
use crate::limits::Limits;
use crate::notice::{Ear, Notice};
use crate::offline::Away;
use crate::owed::{self, Accounts};
use crate::refused;
use crate::retained::Ledger;
use crate::traffic::Counters;
use crate::users::{self, Admission, User};

const ASKED: [Type; 11] = [
    Type::SessionCreated,
    Type::SessionTerminated,
    Type::ClientAuthenticate,
    Type::ClientConnected,
    Type::ClientDisconnected,
    Type::ClientSubscribeCheckAcl,
    Type::MessagePublishCheckAcl,
    Type::MessagePublish,
    Type::MessageDelivered,
    Type::MessageAcked,
    Type::MessageDropped,
];

#[derive(Clone)]
pub(crate) struct Hooks {
    pub(crate) users: Arc<[User]>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) ear: Ear,
    pub(crate) endings: Arc<Endings>,
    pub(crate) traffic: Arc<Counters>,
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) away: Arc<Away>,
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
        // Whoever comes past the fronts was looked at by nobody.
        let is_from_a_front = connect
            .id()
            .remote_addr
            .is_some_and(|client| self.endings.is_watched(client));
        if !is_from_a_front {
            return AuthResult::NotAuthorized;
        }
        let name = connect.username().map(|name| -> &[u8] { name.as_bytes() });
        let password = connect.password().map(|p| p.as_ref()).unwrap_or_default();
        match users::admits(&self.users, name, password) {
            Admission::Granted => AuthResult::Allow(false, None),
            Admission::NoName => AuthResult::NotAuthorized,
            Admission::Wrong => AuthResult::BadUsernameOrPassword,
        }
    }

    /// Why this subscription is refused, if it is.
    async fn refusal(
        &self,
        session: &Session,
        subscribe: &Subscribe,
    ) -> Option<SubscribeAckReason> {
        let filter = &subscribe.topic_filter;
        if let Some(code) = refused::code(filter) {
            return Some(match code {
                0x87 => SubscribeAckReason::NotAuthorized,
                0x97 => SubscribeAckReason::QuotaExceeded,
                _ => SubscribeAckReason::TopicFilterInvalid,
            });
        }
        if filter.contains('\0') {
            return Some(SubscribeAckReason::TopicFilterInvalid);
        }
        let subscriptions = session.subscriptions().await.ok()?;
        let subscriptions = subscriptions.read().await;
        if subscriptions.contains_key(filter) {
            return None;
        }
        let bytes: usize = subscriptions.keys().map(|filter| filter.len()).sum();
        let has_room = subscriptions.len() < self.limits.filters_per_client
            && bytes + filter.len() <= self.limits.filter_bytes_per_client;
        if has_room {
            return None;
        }
        self.ear.tell(Notice::TooManyFilters);
        Some(SubscribeAckReason::QuotaExceeded)
    }

    /// Whether there is no room to keep this message.
    fn cannot_be_kept(&self, publish: &Publish) -> bool {
        publish.retain && !self.ledger.has_room(&publish.topic, &publish.payload)
    }

    fn publishable(&self, session: &Session, publish: &Publish) -> PublishAclResult {
        let refuse =
            |reason, closes| PublishAclResult(PublishResult::reason_code(reason, None, closes));
        if let Some(code) = refused::code(&publish.topic) {
            return match code {
                0x90 => refuse(PublishAckReason::TopicNameInvalid, false),
                0x97 => refuse(PublishAckReason::QuotaExceeded, false),
                _ => refuse(PublishAckReason::NotAuthorized, false),
            };
        }
        if !publishable(&publish.topic) {
            // A malformed packet ends the connection [MQTT-3.3.2-2], [MQTT-1.5.3-2].
            return refuse(PublishAckReason::TopicNameInvalid, true);
        }
        if is_told(session, publish) && self.cannot_be_kept(publish) {
            self.ear.tell(Notice::RetainedFull);
            return refuse(PublishAckReason::QuotaExceeded, false);
        }
        PublishAclResult::allow()
    }

    /// A connection is over. If its session is kept, those are ended that are too many by now.
    async fn leave(&self, session: &Session, reason: &Reason) {
        if ending(reason) == Ending::TakenOver || !is_kept(session).await {
            return;
        }
        let client = &session.id.client_id;
        let mut unacknowledged = 0;
        for message in session
            .out_inflight()
            .write()
            .await
            .clone_inflight_messages()
        {
            if !matches!(message.status, MomentStatus::UnComplete) {
                unacknowledged += owed::size(&message.publish);
            }
        }
        self.accounts.leave(client, unacknowledged);
        for oldest in self.away.leave(client, self.limits.offline_sessions) {
            self.ear.tell(Notice::SessionDropped);
            // Not here: rmqtt waits for this answer, and the session may be the one that asks.
            tokio::spawn(end(session.clone(), oldest, self.accounts.clone()));
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
                return (false, Some(HookResult::AuthResult(answer)));
            }
            Parameter::SessionCreated(session) => {
                let id = &session.id;
                self.accounts.open(&id.client_id, id.remote_addr, true);
            }
            Parameter::ClientConnected(session) => {
                let id = &session.id;
                self.away.forget(&id.client_id);
                self.accounts.open(&id.client_id, id.remote_addr, false);
            }
            Parameter::ClientDisconnected(session, reason) => {
                if let Some(client) = session.id.remote_addr {
                    self.endings.tell(client, ending(reason));
                }
                self.leave(session, reason).await;
            }
            Parameter::SessionTerminated(session, _) => {
                let id = &session.id;
                self.accounts.close(&id.client_id, id.remote_addr);
                if !session.scx.extends.shared().await.exist(&id.client_id) {
                    self.away.forget(&id.client_id);
                }
            }
            Parameter::ClientSubscribeCheckAcl(session, subscribe) => {
                if let Some(reason) = self.refusal(session, subscribe).await {
                    let refusal = SubscribeAclResult::new_failure(reason);
                    return (false, Some(HookResult::SubscribeAclResult(refusal)));
                }
            }
            Parameter::MessagePublishCheckAcl(session, publish) => {
                let answer = self.publishable(session, publish);
                return (false, Some(HookResult::PublishAclResult(answer)));
            }
            Parameter::MessagePublish(session, _, publish) => {
                if refused::code(&publish.topic).is_some() {
                    return (true, so_far);
                }
                self.traffic.count_received(publish.payload.len());
                let is_told = session.is_some_and(|session| is_told(session, publish));
                if publish.retain && !is_told && self.cannot_be_kept(publish) {
                    // There is no way to say so: those who are there get it, and it is not kept.
                    self.ear.tell(Notice::RetainedFull);
                    let mut passing: Publish = (*publish).clone();
                    passing.retain = false;
                    return (true, Some(HookResult::Publish(passing)));
                }
            }
            Parameter::MessageDelivered(session, _, publish) => {
                self.traffic.count_sent(publish.payload.len());
                let to_acknowledge = publish.qos != QoS::AtMostOnce;
                let client = &session.id.client_id;
                let size = owed::size(publish);
                self.accounts.leaves_queue(client, size, to_acknowledge);
            }
            Parameter::MessageAcked(session, _, publish) => {
                let client = &session.id.client_id;
                self.accounts.acknowledged(client, owed::size(publish));
            }
            Parameter::MessageDropped(Some(to), _, publish, _) => {
                let size = owed::size(publish);
                self.accounts.leaves_queue(&to.client_id, size, false);
            }
            _ => {}
        }
        (true, so_far)
    }
}

/// Whether the publisher hears of a refusal: MQTT 5, which alone grants aliases, has a code for it where there is an
/// acknowledgement.
fn is_told(session: &Session, publish: &Publish) -> bool {
    publish.qos != QoS::AtMostOnce && session.fitter.max_client_topic_aliases() > 0
}

/// Whether this session outlives its connection.
async fn is_kept(session: &Session) -> bool {
    let Ok(connect) = session.connect_info().await else {
        return false;
    };
    match connect.as_ref() {
        ConnectInfo::V3(_, connect) => !connect.clean_session,
        ConnectInfo::V5(..) => {
            let said = session.disconnect().await.ok().flatten();
            let expiry = session.fitter.session_expiry_interval(said.as_ref());
            !expiry.is_zero()
        }
    }
}

/// Ends the session of a client that is away, as an administrator would.
async fn end(witness: Session, client: ClientId, accounts: Arc<Accounts>) {
    let id = Id::from(witness.id.node_id, client.clone());
    let entry = witness.scx.extends.shared().await.entry(id);
    // It may be on its way back: then it stays.
    let Ok(mut entry) = entry.try_lock().await else {
        return;
    };
    if entry.exist() && !entry.is_connected().await {
        // An error is a session that has just ended.
        let _ = entry.kick(true, true, true).await;
        accounts.close(&client, None);
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
}
