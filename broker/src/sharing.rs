//! Puts messages into clients' queues as rmqtt does, once [`Accounts`] says that there is room: the one way to all queues.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use rmqtt::Result;
use rmqtt::context::ServerContext;
use rmqtt::session::Session;
use rmqtt::shared::{DefaultShared, Entry, RetainLoadCallback, Shared};
use rmqtt::types::{
    ForwardedCount, ForwardedRecipients, From, Id, IsAdmin, MsgID, NodeId, OfflineSession, Publish,
    Reason, SessionStatus, SubRelations, SubRelationsMap, SubsSearchParams, SubsSearchResult,
    Subscribe, SubscribeReturn, To, TopicFilter, Tx, Unsubscribe,
};

use crate::owed::{self, Accounts, Charged};

/// Payloads up to this size are copied out of the buffer they came in before they wait for somebody who is away: a few
/// bytes would keep the whole buffer.
const COPIED: usize = 64 * 1024;

type Undelivered = Vec<(To, From, Publish, Reason)>;

pub(crate) struct Counted {
    pub(crate) inner: DefaultShared,
    pub(crate) context: ServerContext,
    pub(crate) accounts: Arc<Accounts>,
}

#[async_trait]
impl Shared for Counted {
    fn entry(&self, id: Id) -> Box<dyn Entry> {
        Box::new(CountedEntry {
            inner: self.inner.entry(id),
            accounts: self.accounts.clone(),
        })
    }

    fn exist(&self, client_id: &str) -> bool {
        self.inner.exist(client_id)
    }

    async fn forwards(
        &self,
        msg_id: Option<MsgID>,
        from: From,
        publish: Publish,
    ) -> std::result::Result<ForwardedCount, (ForwardedCount, Undelivered)> {
        if publish.target_clientid.is_some() {
            return self.inner.forwards(msg_id, from, publish).await;
        }
        let router = self.context.extends.router().await;
        let matching = router.matches(from.id.clone(), &publish.topic).await;
        drop(router);
        let relations = matching
            .ok()
            .and_then(|mut of_nodes| of_nodes.remove(&self.context.node.id()))
            .unwrap_or_default();
        if relations.is_empty() {
            return Ok(0);
        }
        match self.forwards_to(from, &publish, relations, None).await {
            Ok(recipients) => Ok(recipients.len()),
            Err((recipients, undelivered)) => Err((recipients.len(), undelivered)),
        }
    }

    async fn forwards_and_get_shareds(
        &self,
        from: From,
        publish: Publish,
    ) -> std::result::Result<
        (SubRelationsMap, ForwardedRecipients),
        (ForwardedRecipients, Undelivered),
    > {
        // Asked for by clusters only.
        self.inner.forwards_and_get_shareds(from, publish).await
    }

    async fn forwards_to(
        &self,
        from: From,
        publish: &Publish,
        mut relations: SubRelations,
        msg_id: Option<MsgID>,
    ) -> std::result::Result<ForwardedRecipients, (ForwardedRecipients, Undelivered)> {
        let size = owed::size(publish);
        let mut waits = false;
        relations.retain(|(_, client, ..)| {
            let charged = self.accounts.charge(client, size);
            waits |= charged == Charged::ForLater;
            charged != Charged::No
        });
        if waits && publish.payload.len() <= COPIED {
            let mut own = publish.clone();
            own.payload = Bytes::copy_from_slice(&publish.payload);
            own.topic = str::to_owned(&own.topic).into();
            return self.inner.forwards_to(from, &own, relations, msg_id).await;
        }
        self.inner
            .forwards_to(from, publish, relations, msg_id)
            .await
    }

    fn iter(&self) -> Box<dyn Iterator<Item = Box<dyn Entry>> + Sync + Send + '_> {
        self.inner.iter()
    }

    fn random_session(&self) -> Option<Session> {
        self.inner.random_session()
    }

    async fn session_status(&self, client_id: &str) -> Option<SessionStatus> {
        self.inner.session_status(client_id).await
    }

    async fn client_states_count(&self) -> usize {
        self.inner.client_states_count().await
    }

    fn sessions_count(&self) -> usize {
        self.inner.sessions_count()
    }

    async fn query_subscriptions(&self, q: &SubsSearchParams) -> Vec<SubsSearchResult> {
        self.inner.query_subscriptions(q).await
    }

    async fn subscriptions_count(&self) -> usize {
        self.inner.subscriptions_count().await
    }

    async fn retain_load_with(
        &self,
        topic_filter: &TopicFilter,
        cb: Arc<dyn RetainLoadCallback>,
    ) -> Result<Vec<(NodeId, MsgID)>> {
        self.inner.retain_load_with(topic_filter, cb).await
    }
}

/// One client's place; retained messages reach it by `publish`.
struct CountedEntry {
    inner: Box<dyn Entry>,
    accounts: Arc<Accounts>,
}

#[async_trait]
impl Entry for CountedEntry {
    async fn try_lock(&self) -> Result<Box<dyn Entry>> {
        Ok(Box::new(CountedEntry {
            inner: self.inner.try_lock().await?,
            accounts: self.accounts.clone(),
        }))
    }

    fn id(&self) -> Id {
        self.inner.id()
    }

    fn id_same(&self) -> Option<bool> {
        self.inner.id_same()
    }

    async fn set(&mut self, session: Session, tx: Tx) -> Result<()> {
        self.inner.set(session, tx).await
    }

    async fn remove(&mut self) -> Result<Option<(Session, Tx)>> {
        self.inner.remove().await
    }

    async fn remove_with(&mut self, id: &Id) -> Result<Option<(Session, Tx)>> {
        self.inner.remove_with(id).await
    }

    async fn kick(
        &mut self,
        clean_start: bool,
        clear_subscriptions: bool,
        is_admin: IsAdmin,
    ) -> Result<OfflineSession> {
        self.inner
            .kick(clean_start, clear_subscriptions, is_admin)
            .await
    }

    async fn online(&self) -> bool {
        self.inner.online().await
    }

    async fn is_connected(&self) -> bool {
        self.inner.is_connected().await
    }

    fn session(&self) -> Option<Session> {
        self.inner.session()
    }

    fn exist(&self) -> bool {
        self.inner.exist()
    }

    fn tx(&self) -> Option<Tx> {
        self.inner.tx()
    }

    async fn subscribe(&self, subscribe: &Subscribe) -> Result<SubscribeReturn> {
        self.inner.subscribe(subscribe).await
    }

    async fn unsubscribe(&self, unsubscribe: &Unsubscribe) -> Result<bool> {
        self.inner.unsubscribe(unsubscribe).await
    }

    async fn publish(
        &self,
        from: From,
        p: Publish,
    ) -> std::result::Result<(), (From, Publish, Reason)> {
        let id = self.inner.id();
        if self.accounts.charge(&id.client_id, owed::size(&p)) == Charged::No {
            return Ok(());
        }
        self.inner.publish(from, p).await
    }

    async fn subscriptions(&self) -> Option<Vec<SubsSearchResult>> {
        self.inner.subscriptions().await
    }
}
