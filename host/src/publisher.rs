//! A client of our own broker that only publishes, once a second. What it says comes from outside.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use midge_broker::{Broker, Watch};
use mqttbytes::QoS;
use mqttbytes::v4::{Connect, Login, Publish};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval};

use crate::options::Credentials;
use crate::stop::Stopping;

/// What is to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The topic name.
    pub topic: &'static str,
    /// The payload.
    pub payload: Bytes,
    /// At which QoS.
    pub qos: QoS,
    /// Whether the broker shall keep it for new subscribers.
    pub retain: bool,
}

/// Publishes what `write` gives for each second since the start, until the stop is ordered. A
/// lost connection is made anew at the next second.
pub async fn run(
    broker: Broker,
    user: Option<Credentials>,
    mut write: impl FnMut(u64) -> Vec<Letter>,
    mut stopping: Stopping,
) {
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut second = 0;
    let mut line = None;
    loop {
        tokio::select! {
            _ = seconds.tick() => {}
            () = stopping.ordered() => return,
        }
        let letters = write(second);
        second += 1;
        if line.is_none() {
            line = Line::open(&broker, user.as_ref()).await.ok();
        }
        if let Some(open) = &mut line
            && open.send(&letters).await.is_err()
        {
            line = None;
        }
    }
}

/// An open connection. Acknowledgements are read and passed over: over the loopback nothing is
/// lost but with the connection, and the next second says all anew.
struct Line {
    stream: TcpStream,
    /// Only watched connections are let in.
    _watch: Watch,
    packet_identifier: u16,
}

impl Line {
    async fn open(broker: &Broker, user: Option<&Credentials>) -> io::Result<Line> {
        let (watch, mut stream) = broker.connect().await?;
        // An identifier that nobody types, as a second client of the same would take it over.
        let mut connect = Connect::new(format!("midge-host-{:016x}", fastrand::u64(..)));
        connect.keep_alive = 60;
        connect.login = user.map(|user| Login::new(&user.name, &user.password));
        let mut packet = BytesMut::new();
        connect.write(&mut packet).map_err(invalid)?;
        stream.write_all(&packet).await?;
        let mut connack = [0; 4];
        stream.read_exact(&mut connack).await?;
        match connack {
            [0x20, 2, _, 0] => Ok(Line {
                stream,
                _watch: watch,
                packet_identifier: 0,
            }),
            _ => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
        }
    }

    async fn send(&mut self, letters: &[Letter]) -> io::Result<()> {
        let mut packets = BytesMut::new();
        for letter in letters {
            let mut publish = Publish::from_bytes(letter.topic, letter.qos, letter.payload.clone());
            publish.retain = letter.retain;
            if letter.qos != QoS::AtMostOnce {
                self.packet_identifier = self.packet_identifier.checked_add(1).unwrap_or(1);
                publish.pkid = self.packet_identifier;
            }
            publish.write(&mut packets).map_err(invalid)?;
        }
        if packets.is_empty() {
            // A PINGREQ, so that quiet seconds keep the connection alive.
            packets.extend_from_slice(&[0xC0, 0]);
        }
        self.stream.write_all(&packets).await?;
        self.read_what_came()
    }

    fn read_what_came(&mut self) -> io::Result<()> {
        let mut passed_over = [0; 1024];
        loop {
            match self.stream.try_read(&mut passed_over) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}

fn invalid(error: mqttbytes::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error.to_string())
}
