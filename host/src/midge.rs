//! Opens the ports, joins the parts, and stops them again.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::routing::{any, get};
use midge::protocol::WAY_IN;
use midge_broker::{Broker, Ear, Limits, People, Settings};
use tokio::io::{DuplexStream, duplex};
use tokio::time::timeout;

use crate::about::{self, About, Elsewhere};
use crate::complaints::Complaints;
use crate::demo::Scene;
use crate::files::Page;
use crate::gate::Unfinished;
use crate::guesses::Guesses;
use crate::inside::Inside;
use crate::metrics::{self, Metrics};
use crate::mqtt_front::{self, MqttFront};
use crate::options::Options;
use crate::people::Sources;
use crate::ports::{address, listen, port_of};
use crate::reaching::Trust;
use crate::relay::{self, Client, Shared};
use crate::seats::{Seat, Seats};
use crate::security::{self, Doors};
use crate::start_error::StartError;
use crate::stop::{self, Stop, Stopping};
use crate::stream::Stream;
use crate::tls::Tls;
use crate::upstream::Upstream;
use crate::way_in::{self, WayIn};
use crate::{ca_page, descriptors, http_front, inside, lan, page, publisher, tcp_front, tls_front};

mod greeting;

const MQTT_PATH: &str = "/mqtt";
const INSIDE_PATH: &str = "/inside";

/// A running Midge. Needs the tokio runtime it was started in.
pub struct Midge {
    page: SocketAddr,
    tcp: Option<SocketAddr>,
    lan: Option<Ipv4Addr>,
    lan_missing: bool,
    /// Whether other machines may come without a password.
    everyone: bool,
    brokers: Vec<Upstream>,
    https: Option<u16>,
    mqtts: Option<u16>,
    /// The own CA's certificate.
    ca: Option<PathBuf>,
    shared: Arc<Shared>,
    router: Router,
    stop: Stop,
    stopping: Stopping,
}

/// Bytes that are on their way on a connection from inside this program.
const INSIDE: usize = 64 * 1024;

impl Midge {
    /// Opens the ports, then starts the broker and everything around it.
    pub async fn start(options: Options) -> Result<Midge, StartError> {
        let limits = Limits::default()
            .with_packet(options.packet)
            .within(descriptors::raise());
        Midge::start_with(options, limits).await
    }

    /// The same, with limits of one's own.
    pub async fn start_with(options: Options, limits: Limits) -> Result<Midge, StartError> {
        let brokers = named(&options)?;
        let trust = trust(&options)?;
        let sources = Sources::of(&options);
        let who = sources.read().map_err(StartError::Unreadable)?;
        let is_open = who.is_open;
        let people = People::new(who.clone());
        let page_listener = listen(options.lan, options.port, "--port").await?;
        let tcp_listener = match options.tcp {
            Some(port) => Some(listen(options.lan, port, "--tcp").await?),
            None => None,
        };
        let page = address(&page_listener, options.port, "--port")?;
        let tcp = match &tcp_listener {
            Some(listener) => Some(address(listener, options.tcp.unwrap_or(0), "--tcp")?),
            None => None,
        };
        let lan = options.lan.then(lan::address).flatten();

        let complaints = Arc::new(Complaints::default());
        let heard = complaints.clone();
        let settings = Settings {
            people: people.clone(),
            limits: limits.clone(),
            ear: Ear::new(move |notice| heard.about(notice.words(), None)),
            version: format!("midge version {}", env!("CARGO_PKG_VERSION")),
            data: options.data.clone(),
        };
        let tls = Tls::asked_for(&options)?;
        let ca = tls.as_ref().and_then(Tls::ca);
        let (https_listener, mqtts_listener) = match options.tls {
            None => (None, None),
            Some(port) => {
                let https = listen(options.lan, port, "--tls").await?;
                let mqtts = match options.tcp {
                    Some(_) => Some(listen(options.lan, options.mqtts, "--mqtts").await?),
                    None => None,
                };
                (Some(https), mqtts)
            }
        };
        let https = port_of(https_listener.as_ref());
        let mqtts = port_of(mqtts_listener.as_ref());
        let limits = Arc::new(limits);
        let broker = Broker::start(settings).await.map_err(StartError::Broker)?;

        let (stop, stopping) = stop::channel();
        let names = match options.lan || options.tls.is_some() {
            true => lan::names(),
            false => Vec::new(),
        };
        let doors = Arc::new(Doors::new(names, options.origins.clone()));
        let seats = Seats::new(limits.clone());
        let shared = Arc::new(Shared {
            broker: broker.clone(),
            limits: limits.clone(),
            unfinished: Arc::new(Unfinished::default()),
            guesses: Guesses::new(limits.clone()),
            seats: seats.clone(),
            complaints: complaints.clone(),
        });
        let front = MqttFront {
            doors: doors.clone(),
            shared: shared.clone(),
            stopping: stopping.clone(),
        };
        // Pages of other origins are what a proxy needs, and behind one everybody comes from this machine.
        let is_inside_open = options.origins.is_empty();
        let inside = Arc::new(Inside::new(broker.clone(), is_inside_open));
        let metrics = Arc::new(Metrics {
            broker: broker.clone(),
            is_open: is_inside_open,
            is_for_all: options.metrics_for_all,
        });
        // What the one at the machine is shown.
        let owners = Router::new()
            .route(INSIDE_PATH, get(inside::serve).with_state(inside))
            .route("/metrics", get(metrics::serve).with_state(metrics));
        let about = About {
            mqtt: MQTT_PATH,
            brokers: options.brokers.iter().map(elsewhere).collect(),
            lan: lan.map(|lan| lan_url(lan, page)),
            demo: options.demo,
            tcp: tcp.map(|tcp| tcp.port()),
            inside: is_inside_open.then_some(INSIDE_PATH),
            version: env!("CARGO_PKG_VERSION"),
        };
        let files = options
            .page
            .clone()
            .map_or_else(Page::built_in, Page::Folder);
        let way = WayIn {
            brokers: Arc::new(brokers),
            trust,
            doors: doors.clone(),
            patience: limits.time_to_read,
            complaints: complaints.clone(),
            stopping: stopping.clone(),
        };
        let ca_file = ca.as_ref().map(|(_, file)| file.clone());
        let router = router(
            front,
            way,
            about,
            files,
            doors,
            owners,
            ca.map(|(pem, _)| pem),
        );
        let until = stopping.clone();
        tokio::spawn(http_front::serve(
            page_listener,
            router.clone(),
            limits.clone(),
            seats.clone(),
            complaints.clone(),
            until,
        ));
        tokio::spawn(sources.keep_fresh(people, who, complaints.clone(), stopping.clone()));
        if let Some(tls) = tls {
            if let Some(listener) = https_listener {
                let acceptor = tls.acceptor("http/1.1").map_err(StartError::Unusable)?;
                let (router, limits) = (router.clone(), limits.clone());
                tokio::spawn(tls_front::serve(
                    listener,
                    acceptor,
                    seats.clone(),
                    complaints.clone(),
                    stopping.clone(),
                    move |stream, seat, stopping| {
                        http_front::connection(
                            stream,
                            router.clone(),
                            seat,
                            limits.clone(),
                            stopping,
                        )
                    },
                ));
            }
            if let Some(listener) = mqtts_listener {
                let acceptor = tls.acceptor("mqtt").map_err(StartError::Unusable)?;
                let shared = shared.clone();
                tokio::spawn(tls_front::serve(
                    listener,
                    acceptor,
                    seats,
                    complaints.clone(),
                    stopping.clone(),
                    move |stream, seat, stopping| {
                        let client = Client::new(stream, Vec::new(), false, seat);
                        relay::serve(client, shared.clone(), stopping)
                    },
                ));
            }
            tokio::spawn(tls.keep_fresh(complaints, stopping.clone()));
        }
        if let Some(listener) = tcp_listener {
            tokio::spawn(tcp_front::serve(listener, shared.clone(), stopping.clone()));
        }
        if options.demo {
            let mut scene = Scene::new(fastrand::u64(..));
            let voice = move |second| scene.second(second, unix_seconds());
            tokio::spawn(publisher::run(broker.clone(), voice, stopping.clone()));
        }

        Ok(Midge {
            page,
            tcp,
            lan,
            lan_missing: options.lan && lan.is_none(),
            everyone: options.lan && is_open,
            brokers: options.brokers,
            https,
            mqtts,
            ca: ca_file,
            shared,
            router,
            stop,
            stopping,
        })
    }

    /// The port of the page and of MQTT over WebSocket.
    pub fn port(&self) -> u16 {
        self.page.port()
    }

    /// The port of plain MQTT, if it is open.
    pub fn tcp_port(&self) -> Option<u16> {
        self.tcp.map(|tcp| tcp.port())
    }

    /// The port of https and wss, if it is open.
    pub fn https_port(&self) -> Option<u16> {
        self.https
    }

    /// The port of MQTT over TLS, if it is open.
    pub fn mqtts_port(&self) -> Option<u16> {
        self.mqtts
    }

    /// The page's address on this machine.
    pub fn page_url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port())
    }

    /// A connection of plain MQTT from inside this program, as if it came from this address.
    pub fn plain(&self, from: IpAddr) -> DuplexStream {
        let (ours, theirs) = duplex(INSIDE);
        if let Some(seat) = self.seat(from) {
            let client = Client::new(Stream::Right(theirs), Vec::new(), false, seat);
            let served = relay::serve(client, self.shared.clone(), self.stopping.clone());
            tokio::spawn(served);
        }
        ours
    }

    /// The same to where the page is.
    pub fn http(&self, from: IpAddr) -> DuplexStream {
        let (ours, theirs) = duplex(INSIDE);
        if let Some(seat) = self.seat(from) {
            let (router, limits) = (self.router.clone(), self.shared.limits.clone());
            let stream = Stream::Right(theirs);
            let stopping = self.stopping.clone();
            let served = http_front::connection(stream, router, seat, limits, stopping);
            tokio::spawn(served);
        }
        ours
    }

    fn seat(&self, from: IpAddr) -> Option<Arc<Seat>> {
        self.shared.seats.take(from).map(Arc::new)
    }

    /// Closes the connections in good order, and comes back once what is to outlive the program is safe; at most twice
    /// three seconds long.
    pub async fn stop(self) {
        let Midge {
            shared,
            stop,
            stopping,
            ..
        } = self;
        // Who is not done by now is cut off with the process.
        let _ = timeout(stop::PATIENCE, shared.broker.shut_down()).await;
        drop((shared, stopping));
        stop.order().await;
    }
}

fn lan_url(lan: Ipv4Addr, page: SocketAddr) -> String {
    format!("http://{lan}:{}/", page.port())
}

fn router(
    front: MqttFront,
    way: WayIn,
    about: About,
    files: Page,
    doors: Arc<Doors>,
    owners: Router,
    ca: Option<Arc<str>>,
) -> Router {
    ca.map_or_else(Router::new, ca_page::router)
        .route(MQTT_PATH, any(mqtt_front::upgrade).with_state(front))
        .route(
            &format!("{WAY_IN}{{name}}"),
            any(way_in::upgrade).with_state(way),
        )
        .route("/midge.json", get(about::serve).with_state(Arc::new(about)))
        .merge(owners)
        .fallback_service(page::service(files))
        .layer(axum::middleware::from_fn_with_state(doors, security::guard))
}

/// The brokers of the command line by their names.
fn named(options: &Options) -> Result<BTreeMap<String, Upstream>, StartError> {
    let mut named = BTreeMap::new();
    for broker in &options.brokers {
        if named.insert(broker.name.clone(), broker.clone()).is_some() {
            return Err(StartError::SameName(broker.name.clone()));
        }
    }
    Ok(named)
}

/// What is needed where one of them is reached over TLS.
fn trust(options: &Options) -> Result<Option<Trust>, StartError> {
    if !options.brokers.iter().any(|broker| broker.is_tls) {
        return Ok(None);
    }
    let shown = options
        .broker_cert
        .as_deref()
        .zip(options.broker_key.as_deref());
    let trust = Trust::new(options.broker_ca.as_deref(), shown);
    trust.map(Some).map_err(StartError::Unusable)
}

fn elsewhere(broker: &Upstream) -> Elsewhere {
    Elsewhere {
        name: broker.name.clone(),
        path: broker.path(),
    }
}

fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |passed| passed.as_secs())
}
