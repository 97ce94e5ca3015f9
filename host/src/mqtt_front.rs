//! `/mqtt`: ends the WebSocket and pipes the bytes to the broker's TCP listener, both ways.
//!
//! It knows no packets: frames are cut and joined as they come, and small ones to the page are given a moment to join
//! ([`Pace`]). Nothing is queued here, a slow side slows the other one.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use midge_broker::{Broker, Ending, Watch, acknowledge};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use crate::meter::Meter;
use crate::pace::Pace;
use crate::security::Doors;
use crate::stop::Stopping;

/// The names of MQTT as WebSocket subprotocols: since 3.1.1, and before.
const SUBPROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];

/// Bytes of one frame to the page.
const FRAME: usize = 64 * 1024;

/// Bytes read from the page at once. tungstenite fills its buffer with zeros before every try to read, also where nothing
/// has come, and its own 128 KiB take longer to fill than a message to the page takes to send.
const READ: usize = 16 * 1024;

/// How long the page may take to answer our close frame, and the broker to read the last bytes.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long the broker's reason is waited for once it has closed. It mostly is there already.
const REASON: Duration = Duration::from_millis(500);

const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const UNSUPPORTED_DATA: u16 = 1003;
const TRY_AGAIN_LATER: u16 = 1013;
/// Of the range for private use (RFC 6455 section 7.4.2). The page knows it: MQTT 3.1.1 has no
/// packet to say that another client came with the same client identifier. 0x8E is MQTT 5's code.
const SESSION_TAKEN_OVER: u16 = 4142;

/// What the front needs to serve one connection.
#[derive(Clone)]
pub struct MqttFront {
    /// Where the bytes go.
    pub broker: Broker,
    /// Whose pages may come.
    pub doors: Arc<Doors>,
    /// Counts the bytes.
    pub meter: Arc<Meter>,
    /// The largest message of a page in bytes, which may hold many packets.
    pub message_limit: usize,
    /// Ends every connection.
    pub stopping: Stopping,
}

/// Answers the upgrade request: 403 for a foreign page, 400 without a subprotocol of MQTT.
pub async fn upgrade(
    State(front): State<MqttFront>,
    headers: HeaderMap,
    request: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let request = match request {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    if !front.doors.welcomes(&headers) {
        let words = "Pages of this origin may not use this broker. Start midge with \
                     --allow-origin to let them.\n";
        return (StatusCode::FORBIDDEN, words).into_response();
    }
    let Some(subprotocol) = first_known_subprotocol(&headers) else {
        let words = "Offer the WebSocket subprotocol mqtt (or mqttv3.1).\n";
        return (StatusCode::BAD_REQUEST, words).into_response();
    };
    request
        .protocols([subprotocol])
        .read_buffer_size(READ)
        .max_message_size(front.message_limit)
        .max_frame_size(front.message_limit)
        .on_upgrade(move |page| serve(page, front))
}

/// The first of the client's offers that we speak, as the specification's order is the client's
/// (RFC 6455 section 4.1).
fn first_known_subprotocol(headers: &HeaderMap) -> Option<&'static str> {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|offers| offers.to_str().ok())
        .flat_map(|offers| offers.split(','))
        .find_map(|offer| {
            SUBPROTOCOLS
                .into_iter()
                .find(|known| *known == offer.trim())
        })
}

/// Why the piping ended.
enum End {
    /// The page closed; tungstenite has prepared the answer.
    PageClosed,
    /// The page's connection broke, or it broke the rules of WebSocket.
    PageLost,
    /// The page sent text, which MQTT forbids [MQTT-6.0.0-1].
    Text,
    BrokerClosed,
    Stopping,
}

async fn serve(page: WebSocket, front: MqttFront) {
    let MqttFront {
        broker,
        meter,
        mut stopping,
        ..
    } = front;
    let (mut to_page, mut from_page) = page.split();
    let Ok((watch, from_broker, to_broker)) = connect(&broker).await else {
        let reason = "the broker cannot be reached";
        close(to_page, from_page, TRY_AGAIN_LATER, reason).await;
        return;
    };
    let mut from_broker = from_broker;
    let mut to_broker = to_broker;
    let pace = Pace::new();
    let end = {
        let up = pin!(pipe_up(&mut from_page, &mut to_broker, &meter, &pace));
        let down = pin!(pipe_down(&mut from_broker, &mut to_page, &meter, &pace));
        tokio::select! {
            end = up => end,
            end = down => end,
            () = stopping.ordered() => End::Stopping,
        }
    };
    match end {
        End::PageClosed => {
            let _ = timeout(FAREWELL, to_page.flush()).await;
            finish(to_broker, from_broker).await;
        }
        End::PageLost => finish(to_broker, from_broker).await,
        End::Text => {
            let reason = "MQTT is sent in binary frames";
            close(to_page, from_page, UNSUPPORTED_DATA, reason).await;
        }
        End::BrokerClosed => match timeout(REASON, watch.ended()).await {
            Ok(Ending::TakenOver) => {
                close(to_page, from_page, SESSION_TAKEN_OVER, "session taken over").await;
            }
            Ok(Ending::Other) | Err(_) => close(to_page, from_page, NORMAL, "").await,
        },
        End::Stopping => close(to_page, from_page, GOING_AWAY, "midge stops").await,
    }
}

async fn connect(broker: &Broker) -> std::io::Result<(Watch, OwnedReadHalf, OwnedWriteHalf)> {
    let stream = TcpStream::connect(broker.address()).await?;
    stream.set_nodelay(true)?;
    let watch = broker.watch(stream.local_addr()?);
    let (from_broker, to_broker) = stream.into_split();
    Ok((watch, from_broker, to_broker))
}

async fn pipe_up(
    from_page: &mut SplitStream<WebSocket>,
    to_broker: &mut OwnedWriteHalf,
    meter: &Meter,
    pace: &Pace,
) -> End {
    loop {
        match from_page.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                meter.count_received(bytes.len());
                pace.hear();
                if to_broker.write_all(&bytes).await.is_err() {
                    return End::BrokerClosed;
                }
            }
            Some(Ok(Message::Text(_))) => return End::Text,
            // A ping is answered by tungstenite.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) => return End::PageClosed,
            Some(Err(_)) | None => return End::PageLost,
        }
    }
}

async fn pipe_down(
    from_broker: &mut OwnedReadHalf,
    to_page: &mut SplitSink<WebSocket, Message>,
    meter: &Meter,
    pace: &Pace,
) -> End {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(FRAME);
        let read = match from_broker.read_buf(&mut buffer).await {
            Ok(0) | Err(_) => return End::BrokerClosed,
            Ok(read) => read,
        };
        acknowledge(from_broker.as_ref());
        meter.count_sent(read);
        while !buffer.is_empty() {
            let frame: Bytes = buffer.split_to(buffer.len().min(FRAME)).freeze();
            if to_page.send(Message::Binary(frame)).await.is_err() {
                return End::PageLost;
            }
        }
        pace.gather(read).await;
    }
}

/// Lets the broker read what is under way, DISCONNECT above all: closing a socket with unread
/// bytes in it may throw away what was written.
async fn finish(mut to_broker: OwnedWriteHalf, mut from_broker: OwnedReadHalf) {
    let rest = async {
        to_broker.shutdown().await?;
        tokio::io::copy(&mut from_broker, &mut tokio::io::sink()).await
    };
    let _ = timeout(FAREWELL, rest).await;
}

/// Sends the close frame and waits for its answer, so that the page surely sees the code.
async fn close(
    mut to_page: SplitSink<WebSocket, Message>,
    mut from_page: SplitStream<WebSocket>,
    code: u16,
    reason: &'static str,
) {
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    let farewell = async {
        if to_page.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = from_page.next().await {}
        }
    };
    let _ = timeout(FAREWELL, farewell).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(offers: &[&'static str]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for offer in offers {
            headers.append(header::SEC_WEBSOCKET_PROTOCOL, offer.parse().unwrap());
        }
        first_known_subprotocol(&headers)
    }

    #[test]
    fn the_first_known_offer_of_the_client_is_taken() {
        assert_eq!(chosen(&["mqtt"]), Some("mqtt"));
        assert_eq!(chosen(&["mqttv3.1, mqtt"]), Some("mqttv3.1"));
        assert_eq!(chosen(&["chat", "mqtt,mqttv3.1"]), Some("mqtt"));
        assert_eq!(chosen(&["chat"]), None);
        assert_eq!(chosen(&["MQTT"]), None);
        assert_eq!(chosen(&[]), None);
    }
}
