//! Finds a user name and a password in an address, as in `ws://user:password@host`, which other tools accept.
//!
//! People do not encode a password there, and it may contain any character, even `/`, `?`, `#` and `@`. In a URL these end
//! the host, so `ws://chen:12/34@host` has the host `chen`, and half of the password is its path. Therefore the user is
//! asked about each address with an `@`, unless the part before it cannot be a user name.

use std::net::Ipv4Addr;

use super::{AddressFault, Page, Reading, examine, sound, with_scheme};

/// Characters that end the host in a URL. Browsers read `\` as `/`.
const ENDS_HOST: [char; 4] = ['/', '?', '#', '\\'];

/// The possible meanings of an address that may contain a user name, most likely first. Empty: it contains none.
pub(super) fn readings(address: &str, page: Page) -> Vec<Reading> {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        // A path on the host of the page.
        _ if address.starts_with('/') && !address.starts_with("//") => return Vec::new(),
        _ => (None, address.trim_start_matches('/')),
    };
    let Some(last) = rest.rfind('@') else {
        return Vec::new();
    };
    let end = rest.find(ENDS_HOST).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    let split = |at: usize, rest: &str| {
        let (before, host) = rest.split_at(at);
        let host = host.strip_prefix('@').unwrap_or(host);
        let (user_name, password) = before.split_once(':').unwrap_or((before, ""));
        Reading {
            address: whole(scheme, host, page),
            credentials: (!before.is_empty()).then(|| (decoded(user_name), decoded(password))),
        }
    };
    match authority.rfind('@') {
        Some(at) if at == last => vec![split(at, rest)],
        Some(at) => {
            // Either the last `@` before the path ends the password, and the others belong to the path, or the very last does.
            let in_path = split(at, &format!("{authority}{}", escaped(after)));
            let (_, host) = authority.split_at(at);
            let like_a_host = host.contains(['.', ':', '[']) || host == "@localhost";
            let mut both = vec![in_path, split(last, rest)];
            if !like_a_host {
                both.reverse();
            }
            both
        }
        None if is_certainly_a_host(authority, page) => Vec::new(),
        None => {
            let mut all = vec![split(last, rest)];
            let without_fragment = after.split('#').next().unwrap_or_default();
            let as_it_is = format!("{authority}{}", escaped(without_fragment));
            let as_it_is = Reading {
                address: whole(scheme, &as_it_is, page),
                credentials: None,
            };
            if sound(as_it_is.address.clone(), page).is_some() {
                all.push(as_it_is);
                if authority.contains('.') {
                    all.reverse();
                }
            }
            all
        }
    }
}

/// It is a valid scheme. Otherwise the text before `://` may be the start of a password.
pub(super) fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// The address of this host and path; with another scheme than those of WebSocket, or none, what is offered for it.
fn whole(scheme: Option<&str>, rest: &str, page: Page) -> String {
    let typed = match scheme.map(str::to_ascii_lowercase) {
        None => return with_scheme(rest, page).unwrap_or_else(|| rest.to_owned()),
        Some(scheme) => format!("{scheme}://{rest}"),
    };
    match examine(&typed, page) {
        Err(AddressFault::OtherScheme {
            instead: Some(instead),
            ..
        }) => instead,
        _ => typed,
    }
}

/// Encodes `@`, which does not change the meaning of a path or a query.
fn escaped(path: &str) -> String {
    path.replace('@', "%40")
}

/// Decodes percent encoding if the result is text. Otherwise the text stays as typed.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), |decoded| decoded.into_owned())
}

/// It is an IP number, `localhost` or the host of this page, and so no user name.
fn is_certainly_a_host(authority: &str, page: Page) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return false,
        None => authority,
    };
    host.parse::<Ipv4Addr>().is_ok()
        || host.starts_with('[') && host.ends_with(']')
        || host.eq_ignore_ascii_case("localhost")
        || !page.host.is_empty() && authority.eq_ignore_ascii_case(page.host)
}
