//! Sets rmqtt up and runs it. The reasons for the settings were measured: see each line.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::time::Duration;

use rmqtt::context::ServerContext;
use rmqtt::net::Builder;
use rmqtt::retain::DefaultRetainStorage;
use rmqtt::server::MqttServer;
use rmqtt::shared::DefaultShared;
use tokio::time::MissedTickBehavior;

use crate::BrokerError;
use crate::acknowledge;
use crate::hooks::Hooks;
use crate::negotiation::Negotiation;
use crate::retained::Bounded;
use crate::sharing::Counted;

/// Names the one listener inside rmqtt: its own number would be the port, which is 0 here.
const LISTENER: u16 = 1;

/// Messages that wait for one client. A burst of tens of thousands must survive until the client
/// has read it; the payloads are shared between the clients.
const QUEUE: usize = 100_000;

/// How often it is added up what all clients are owed. In between a quick line brings some ten megabytes.
const ADDING_UP: Duration = Duration::from_millis(100);

const INFLIGHT: NonZeroU16 = NonZeroU16::new(100).unwrap();

/// Reads how many clients are connected.
#[derive(Clone)]
pub(crate) struct Connections(ServerContext);

impl Connections {
    pub(crate) fn count(&self) -> u64 {
        u64::try_from(self.0.connections.count()).unwrap_or(0)
    }
}

pub(crate) async fn run(hooks: Hooks) -> Result<(SocketAddr, Connections), BrokerError> {
    let limits = hooks.limits.clone();
    let packet_limit = u32::try_from(limits.packet).unwrap_or(u32::MAX);
    let context = ServerContext::new()
        // It would refuse CONNECT whenever the machine is busy for other reasons.
        .busy_check_enable(false)
        .plugins_config_map_add("rmqtt-retainer", retainer_settings(packet_limit))
        .plugins_config_map_add("rmqtt-shared-subscription", "strategy = \"round_robin\"")
        .build()
        .await;
    rmqtt_retainer::register(&context, true, false)
        .await
        .map_err(|cause| BrokerError::Setup(cause.to_string()))?;
    rmqtt_shared_subscription::register(&context, true, false)
        .await
        .map_err(|cause| BrokerError::Setup(cause.to_string()))?;
    *context.extends.fitter_mgr_mut().await = Box::new(Negotiation);
    {
        let mut retain = context.extends.retain_mut().await;
        let inner = std::mem::replace(&mut *retain, Box::new(DefaultRetainStorage::new()));
        let ledger = hooks.ledger.clone();
        *retain = Box::new(Bounded { inner, ledger });
    }
    *context.extends.shared_mut().await = Box::new(Counted {
        inner: DefaultShared::new(Some(context.clone())),
        context: context.clone(),
        accounts: hooks.accounts.clone(),
    });
    let accounts = hooks.accounts.clone();
    tokio::spawn(async move {
        let mut turns = tokio::time::interval(ADDING_UP);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            turns.tick().await;
            accounts.add_up();
        }
    });
    hooks.install(context.extends.hook_mgr()).await;

    let listener = Builder::new()
        .name("loopback")
        .laddr(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        // rmqtt writes every packet on its own. Where who reads can acknowledge at once, the system may join those that
        // follow each other meanwhile: most of the work of a small packet is its way through the network's layers.
        .nodelay(!acknowledge::POSSIBLE)
        // The hook is asked about everyone: whoever comes past the fronts is let in by nobody.
        .allow_anonymous(false)
        .max_packet_size(packet_limit)
        .max_mqueue_len(QUEUE)
        .max_topic_levels(limits.topic_levels)
        // MQTT 3.1.1 knows no expiry of sessions, and MQTT 5 one without end.
        .session_expiry_interval(limits.session_expiry)
        .max_session_expiry_interval(limits.session_expiry)
        .max_inflight(INFLIGHT)
        .max_topic_aliases(32)
        // Below the 10 seconds that a client may wait for its PINGRESP: what a stalled
        // subscriber makes the broker hold is let go in time.
        .send_timeout(Duration::from_secs(8))
        // MQTT 3.1.1 knows no expiry, MQTT 5 only where the publisher asks for it.
        .message_expiry_interval(Duration::ZERO)
        // Resending on a timer is forbidden in MQTT 5 [MQTT-4.4.0-1] and harmful in 3.1.1.
        .message_retry_interval(Duration::ZERO)
        .bind()
        .and_then(|listener| listener.tcp())
        .map_err(|cause| BrokerError::Listen(cause.to_string()))?;
    let address = listener
        .local_addr()
        .map_err(|cause| BrokerError::Listen(cause.to_string()))?;

    let server = MqttServer::new(context.clone())
        .listener_by_id(listener, LISTENER)
        .build();
    // Not `start()`: on an error that ends the whole process.
    tokio::spawn(server.run());
    Ok((address, Connections(context)))
}

fn retainer_settings(packet_limit: u32) -> String {
    // A time to live of 0 keeps retained messages; without it they are gone after five minutes.
    format!(
        "storage.type = \"ram\"\nmax_retained_messages = 0\nmax_payload_size = \"{packet_limit}B\"\nretained_message_ttl = \"0m\"\n"
    )
}
