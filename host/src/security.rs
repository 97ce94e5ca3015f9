//! What every response carries for the page's safety, which Host header is served, and which
//! pages may use `/mqtt`. Knows no MQTT.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::options::Origin;

/// The page runs its own script and wasm, connects to any broker, and can be framed by nobody.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; \
    connect-src 'self' ws: wss:; img-src 'self' blob: data:; font-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
];

/// By which names this host is called, and whose pages may use its broker.
#[derive(Debug, Clone)]
pub struct Doors {
    names: Vec<String>,
    origins: Vec<Origin>,
}

impl Doors {
    /// IP literals and `localhost` are always served; `names` and the hosts of `origins` too.
    pub fn new(names: Vec<String>, origins: Vec<Origin>) -> Doors {
        let names = names
            .into_iter()
            .map(|name| name.to_ascii_lowercase())
            .collect();
        Doors { names, origins }
    }

    /// Whether a request with this Host header is for us.
    ///
    /// A foreign page can point its own name at 127.0.0.1 (DNS rebinding) and would then be of
    /// the same origin as the broker. Such a name is never one of ours, an IP literal is no name.
    fn serves(&self, host: &str) -> bool {
        let Some(name) = host_name(host) else {
            return false;
        };
        is_ip_literal(&name)
            || name == "localhost"
            || self.names.contains(&name)
            || self
                .origins
                .iter()
                .any(|origin| host_name(origin.authority()).is_some_and(|own| own == name))
    }

    /// Whether a request from this Origin may use the broker. Programs that are not browsers
    /// send none. A page of the same host is welcome, on whatever port.
    pub fn welcomes(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return true;
        };
        let Some(origin) = origin.to_str().ok().and_then(|o| o.parse::<Origin>().ok()) else {
            return false;
        };
        if self.origins.contains(&origin) {
            return true;
        }
        let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
        match (host_name(origin.authority()), host.and_then(host_name)) {
            (Some(theirs), Some(ours)) => theirs == ours,
            _ => false,
        }
    }
}

/// Refuses what is not for us, and adds the headers to every response.
pub async fn guard(State(doors): State<Arc<Doors>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    let served = host
        .and_then(|host| host.to_str().ok())
        .is_some_and(|host| doors.serves(host));
    let mut response = if served {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "Midge does not answer to this host name. Use the address that it printed, or start \
             it with --allow-origin.\n",
        )
            .into_response()
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The host of `host[:port]`, in lower case.
pub fn host_name(text: &str) -> Option<String> {
    let authority: Authority = text.parse().ok()?;
    // User information has no place in Host or Origin.
    if text.contains('@') {
        return None;
    }
    Some(authority.host().to_ascii_lowercase())
}

fn is_ip_literal(name: &str) -> bool {
    match name.strip_prefix('[').and_then(|n| n.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => name.parse::<IpAddr>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doors(names: &[&str], origins: &[&str]) -> Doors {
        Doors::new(
            names.iter().map(|name| (*name).to_owned()).collect(),
            origins.iter().map(|o| o.parse().unwrap()).collect(),
        )
    }

    fn welcomes(doors: &Doors, host: &str, origin: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        doors.welcomes(&headers)
    }

    #[test]
    fn a_name_that_points_here_is_not_one_of_ours() {
        let doors = doors(&["lab.local"], &["https://midge.example.org"]);
        for host in [
            "127.0.0.1:8080",
            "localhost",
            "[::1]:8080",
            "192.168.1.5",
            "LAB.local:8080",
            "midge.example.org",
        ] {
            assert!(doors.serves(host), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example:8080",
            "localhost.evil.example",
            "a@127.0.0.1",
            "",
            "[::1",
        ] {
            assert!(!doors.serves(host), "{host}");
        }
    }

    #[test]
    fn only_pages_of_the_same_host_or_of_an_allowed_origin_are_welcome() {
        let doors = doors(&[], &["https://midge.example.org"]);
        assert!(doors.welcomes(&HeaderMap::new()));
        assert!(welcomes(&doors, "127.0.0.1:8080", "http://127.0.0.1:8080"));
        assert!(welcomes(&doors, "127.0.0.1:8080", "http://127.0.0.1:5000"));
        assert!(welcomes(
            &doors,
            "127.0.0.1:8080",
            "https://midge.example.org"
        ));
        assert!(!welcomes(
            &doors,
            "127.0.0.1:8080",
            "http://midge.example.org"
        ));
        assert!(!welcomes(&doors, "127.0.0.1:8080", "http://evil.example"));
        assert!(!welcomes(&doors, "127.0.0.1:8080", "http://localhost:8080"));
        assert!(!welcomes(&doors, "127.0.0.1:8080", "null"));
    }
}
