//! Turns a connect request of the page into the session's settings.

use super::{Platform, pending::chosen};
use crate::{link, session};

pub(super) fn settings(request: link::ConnectRequest, platform: Platform) -> session::Settings {
    let mut connect = request.connect;
    if let Some(will) = &mut connect.will {
        will.properties = chosen(std::mem::take(&mut will.properties));
    }
    // SCRAM proves the password without sending it, so CONNECT must not contain it.
    let authentication = request.scram.then(|| session::Authentication::ScramSha256 {
        user_name: connect.user_name.take().unwrap_or_default(),
        // SCRAM passwords are text. Bytes that are not become U+FFFD, which is not allowed in a password (RFC 4013 section
        // 2.3), so this fails with a clear error.
        password: String::from_utf8_lossy(&connect.password.take().unwrap_or_default())
            .into_owned(),
        entropy: (platform.entropy)(),
        normalize: platform.normalize,
    });
    let mut settings = session::Settings::new(String::new(), connect);
    settings.addresses = request.addresses;
    settings.newest = request.newest;
    settings.authentication = authentication;
    if request.old_subprotocol {
        settings.subprotocol = session::Subprotocol::Mqttv31;
    }
    settings.client_id_made_up = request.client_id_made_up;
    settings.strict = request.strict;
    settings
}
