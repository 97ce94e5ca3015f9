//! What the broker grants each connection: rmqtt's own rules, but for topic aliases towards clients.
//!
//! rmqtt 0.24 takes the topic out of a message once it has an alias for it, and then forgets to say the alias where the
//! message came without properties: as all do that are published in MQTT 3.1.1. A client can only take that for a breach
//! of the protocol [MQTT-4.7.3-1]. Aliases from clients work.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;
use std::time::Duration;

use rmqtt::Result;
use rmqtt::codec::types::Publish;
use rmqtt::fitter::{DefaultFitter, Fitter, FitterManager};
use rmqtt::types::{ConnectInfo, Disconnect, FitterType, Id, ListenerConfig};

/// Makes the rules of each connection.
pub(crate) struct Negotiation;

impl FitterManager for Negotiation {
    fn create(&self, connect: Arc<ConnectInfo>, id: Id, listener: ListenerConfig) -> FitterType {
        Arc::new(Rules(DefaultFitter::new(connect, id, listener)))
    }
}

struct Rules(DefaultFitter);

impl Fitter for Rules {
    fn keep_alive(&self, keep_alive: &mut u16) -> Result<u16> {
        self.0.keep_alive(keep_alive)
    }

    fn max_mqueue_len(&self) -> usize {
        self.0.max_mqueue_len()
    }

    fn mqueue_rate_limit(&self) -> (NonZeroU32, Duration) {
        self.0.mqueue_rate_limit()
    }

    fn max_inflight(&self) -> NonZeroU16 {
        self.0.max_inflight()
    }

    fn session_expiry_interval(&self, disconnect: Option<&Disconnect>) -> Duration {
        self.0.session_expiry_interval(disconnect)
    }

    fn message_expiry_interval(&self, publish: &Publish) -> Duration {
        self.0.message_expiry_interval(publish)
    }

    fn max_client_topic_aliases(&self) -> u16 {
        self.0.max_client_topic_aliases()
    }

    fn max_server_topic_aliases(&self) -> u16 {
        0
    }
}
