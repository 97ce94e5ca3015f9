//! `/mqtt`: the handshake of WebSocket. What comes after it is a conversation like that over plain TCP.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::relay::{self, Client, Shared};
use crate::seats::Seat;
use crate::security::Doors;
use crate::stop::Stopping;
use crate::stream::Stream;
use crate::websocket;

/// The names of MQTT as WebSocket subprotocols, the one that is preferred first: since 3.1.1, and before.
const SUBPROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];

/// How long the answer to the handshake may take on its way.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What the front needs to serve one connection.
#[derive(Clone)]
pub struct MqttFront {
    /// Whose pages may come.
    pub doors: Arc<Doors>,
    /// What conversations share.
    pub shared: Arc<Shared>,
    /// Ends every connection.
    pub stopping: Stopping,
}

/// Answers the upgrade request: 403 for a foreign page, 400 without a subprotocol of MQTT.
pub async fn upgrade(
    State(front): State<MqttFront>,
    Extension(seat): Extension<Arc<Seat>>,
    mut request: Request,
) -> Response {
    let shaken = match shake(&front.doors, &mut request) {
        Ok(shaken) => shaken,
        Err(refusal) => return *refusal,
    };
    tokio::spawn(async move {
        if let Some((stream, early)) = upgraded(shaken.upgrading).await {
            let client = Client::new(stream, early, true, seat);
            relay::serve(client, front.shared, front.stopping).await;
        }
    });
    shaken.answer
}

/// A request for a WebSocket that is granted.
pub struct Shaken {
    /// What is to be answered.
    pub answer: Response,
    /// Becomes the connection once the answer is on its way.
    pub upgrading: OnUpgrade,
    /// The subprotocol that was chosen.
    pub subprotocol: &'static str,
}

/// Looks at an upgrade request. Refusals are as [`upgrade`] says them.
pub fn shake(doors: &Doors, request: &mut Request) -> Result<Shaken, Box<Response>> {
    let headers = request.headers();
    let Some(accept) = answer(request.method(), headers) else {
        let words = "This is MQTT over WebSocket: ask for an upgrade to websocket, version 13.\n";
        return Err(Box::new((StatusCode::BAD_REQUEST, words).into_response()));
    };
    if !doors.welcomes(headers) {
        let words = "Pages of this origin may not use this broker. Start midge with \
                     --allow-origin to let them.\n";
        return Err(Box::new((StatusCode::FORBIDDEN, words).into_response()));
    }
    let Some(subprotocol) = known_subprotocol(headers) else {
        let words = "Offer the WebSocket subprotocol mqtt (or mqttv3.1).\n";
        return Err(Box::new((StatusCode::BAD_REQUEST, words).into_response()));
    };
    let Some(upgrading) = request.extensions_mut().remove::<OnUpgrade>() else {
        return Err(Box::new(StatusCode::UPGRADE_REQUIRED.into_response()));
    };
    let answer = (
        StatusCode::SWITCHING_PROTOCOLS,
        [
            (header::CONNECTION, "upgrade"),
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_ACCEPT, accept.as_str()),
            (header::SEC_WEBSOCKET_PROTOCOL, subprotocol),
        ],
        Body::empty(),
    );
    Ok(Shaken {
        answer: answer.into_response(),
        upgrading,
        subprotocol,
    })
}

/// The connection, and what was read behind the request. `None`: it is lost.
pub async fn upgraded(upgrading: OnUpgrade) -> Option<(Stream, Vec<u8>)> {
    let upgraded = timeout(HANDSHAKE, upgrading).await.ok()?.ok()?;
    let parts = upgraded.downcast::<TokioIo<Stream>>().ok()?;
    Some((parts.io.into_inner(), parts.read_buf.to_vec()))
}

/// What proves that the request was understood, if it is a request for a WebSocket (RFC 6455 section 4.2.1).
fn answer(method: &Method, headers: &HeaderMap) -> Option<String> {
    let names = |name: HeaderName, wanted: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|value| value.trim().eq_ignore_ascii_case(wanted))
    };
    let is_asked_for = method == Method::GET
        && names(header::CONNECTION, "upgrade")
        && names(header::UPGRADE, "websocket")
        && names(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    is_asked_for.then(|| websocket::accept(key.as_bytes()))
}

/// `mqtt` wherever it is offered [MQTT-6.0.0-4], and `mqttv3.1` to those who offer nothing else of MQTT.
fn known_subprotocol(headers: &HeaderMap) -> Option<&'static str> {
    let offers = || {
        headers
            .get_all(header::SEC_WEBSOCKET_PROTOCOL)
            .iter()
            .filter_map(|offers| offers.to_str().ok())
            .flat_map(|offers| offers.split(','))
    };
    SUBPROTOCOLS
        .into_iter()
        .find(|known| offers().any(|offer| offer.trim() == *known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(offers: &[&'static str]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for offer in offers {
            headers.append(header::SEC_WEBSOCKET_PROTOCOL, offer.parse().unwrap());
        }
        known_subprotocol(&headers)
    }

    #[test]
    fn mqtt_is_taken_wherever_it_is_offered() {
        assert_eq!(chosen(&["mqtt"]), Some("mqtt"));
        assert_eq!(chosen(&["mqttv3.1, mqtt"]), Some("mqtt"));
        assert_eq!(chosen(&["mqttv3.1", "mqtt"]), Some("mqtt"));
        assert_eq!(chosen(&["chat, mqttv3.1"]), Some("mqttv3.1"));
        assert_eq!(chosen(&["chat", "mqtt,mqttv3.1"]), Some("mqtt"));
        assert_eq!(chosen(&["chat"]), None);
        assert_eq!(chosen(&["MQTT"]), None);
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn only_a_request_for_a_websocket_is_answered_as_one() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::CONNECTION, "keep-alive, Upgrade"),
            (header::UPGRADE, "WebSocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            assert_eq!(answer(&Method::GET, &headers), None);
            headers.insert(name, value.parse().unwrap());
        }
        assert!(answer(&Method::GET, &headers).is_some());
        assert!(answer(&Method::POST, &headers).is_none());
    }
}
