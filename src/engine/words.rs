//! What the session, the capture and the payloads say, in the words of the link. One match each, no decisions.

use super::Platform;
use crate::{capture, link, payload, protocol, session};

/// 0, 1 or 2; more is taken for 2, as no packet can ask for more.
pub(super) fn qos(number: u8) -> protocol::Qos {
    match number {
        0 => protocol::Qos::AtMostOnce,
        1 => protocol::Qos::AtLeastOnce,
        _ => protocol::Qos::ExactlyOnce,
    }
}

pub(super) fn wish(wanted: link::Wanted) -> session::Wish {
    session::Wish {
        filter: wanted.filter,
        options: protocol::SubscribeOptions {
            qos: qos(wanted.qos),
            no_local: wanted.no_local,
            retain_as_published: wanted.retain_as_published,
            retain_handling: protocol::RetainHandling::from_bits(wanted.retain_handling)
                .unwrap_or_default(),
        },
        identifier: wanted.identifier,
    }
}

pub(super) fn milliseconds(time_us: u64) -> f64 {
    time_us as f64 / 1000.0
}

/// How many, as far as 32 bits go.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn settings(request: link::ConnectRequest, platform: Platform) -> session::Settings {
    let will = request.will.map(|will| protocol::Will {
        topic: will.topic,
        payload: will.payload,
        qos: qos(will.qos),
        retain: will.retain,
        delay: will.delay,
        properties: properties(will.properties),
    });
    let (mut user_name, mut password) = (request.user_name, request.password);
    // What the method proves without saying it must not be said in CONNECT beside it.
    let authentication = request.scram.then(|| session::Authentication::ScramSha256 {
        user_name: user_name.take().unwrap_or_default(),
        // The method knows text only; what is none becomes U+FFFD, which no password may hold (RFC 4013 section 2.3).
        password: String::from_utf8_lossy(&password.take().unwrap_or_default()).into_owned(),
        entropy: (platform.entropy)(),
        normalize: platform.normalize,
    });
    let connect = protocol::Connect {
        version: version(request.version),
        client_id: request.client_id,
        keep_alive: request.keep_alive,
        clean_session: request.clean_session,
        user_name,
        password,
        will,
        properties: protocol::ConnectProperties {
            session_expiry: request.properties.session_expiry,
            receive_maximum: request.properties.receive_maximum,
            maximum_packet_size: request.properties.maximum_packet_size,
            topic_alias_maximum: request.properties.topic_alias_maximum,
            request_response_information: request.properties.request_response_information,
            request_problem_information: request.properties.request_problem_information,
            user_properties: request.properties.user_properties,
            authentication_method: None,
            authentication_data: None,
        },
    };
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

pub(super) fn version(version: link::Version) -> protocol::Version {
    match version {
        link::Version::V31 => protocol::Version::V31,
        link::Version::V311 => protocol::Version::V311,
        link::Version::V5 => protocol::Version::V5,
    }
}

pub(super) fn link_version(version: protocol::Version) -> link::Version {
    match version {
        protocol::Version::V31 => link::Version::V31,
        protocol::Version::V311 => link::Version::V311,
        protocol::Version::V5 => link::Version::V5,
    }
}

pub(super) fn link_properties(properties: protocol::PublishProperties) -> link::MessageProperties {
    link::MessageProperties {
        payload_is_text: properties.payload_is_text,
        message_expiry: properties.message_expiry,
        content_type: properties.content_type,
        response_topic: properties.response_topic,
        correlation_data: properties.correlation_data,
        user_properties: properties.user_properties,
    }
}

pub(super) fn pair(pair: capture::Pair) -> link::Pair {
    match pair {
        capture::Pair::Request { response } => link::Pair::Request { response },
        capture::Pair::Response { request, after_us } => link::Pair::Response {
            request,
            after: milliseconds(after_us),
        },
    }
}

pub(super) fn storage(state: session::StorageState) -> link::Storage {
    match state {
        session::StorageState::Off => link::Storage::Off,
        session::StorageState::On => link::Storage::On,
        session::StorageState::Failed(detail) => link::Storage::Failed { detail },
    }
}

pub(super) fn waiting(waiting: session::Waiting<'_>) -> link::Waiting {
    link::Waiting {
        number: waiting.number,
        topic: waiting.topic.to_owned(),
        size: count(waiting.size),
        qos: waiting.qos.bits(),
    }
}

pub(super) fn held(held: session::HeldMessage<'_>) -> link::HeldMessage {
    link::HeldMessage {
        number: held.number,
        topic: held.topic.map(str::to_owned),
        size: count(held.size),
        qos: held.qos.bits(),
        published_at: held.topic.map(|_| milliseconds(held.published_at)),
    }
}

pub(super) fn suspected(suspected: &session::Suspected) -> link::Suspected {
    link::Suspected {
        filters: suspected.filters.clone(),
        topic: suspected.topic.clone(),
    }
}

/// What the broker of a connection granted; before MQTT 5 that is everything.
pub(super) fn granted(session: &session::Session) -> link::Granted {
    let granted = session.granted().cloned().unwrap_or_else(|| {
        let keep_alive = session
            .settings()
            .map_or(0, |settings| settings.connect.keep_alive);
        session::Granted::new(&protocol::ConnackProperties::default(), keep_alive, None)
    });
    link::Granted {
        maximum_qos: granted.maximum_qos.bits(),
        retain: granted.retain,
        wildcards: granted.wildcards,
        shared: granted.shared,
        identifiers: granted.identifiers,
        packet_size: granted.packet_size,
        receive_maximum: granted.receive_maximum,
        topic_alias_maximum: granted.topic_alias_maximum,
        keep_alive: granted.keep_alive,
        keep_alive_by_server: granted.keep_alive_by_server,
        session_expiry: granted.session_expiry,
        assigned_client_id: granted.assigned_client_id,
        response_information: granted.response_information,
        server_reference: granted.server_reference,
        reason_string: granted.reason_string,
        user_properties: granted.user_properties,
    }
}

pub(super) fn properties(properties: link::MessageProperties) -> protocol::PublishProperties {
    protocol::PublishProperties {
        payload_is_text: properties.payload_is_text,
        message_expiry: properties.message_expiry,
        content_type: properties.content_type,
        response_topic: properties.response_topic,
        correlation_data: properties.correlation_data,
        user_properties: properties.user_properties,
        ..protocol::PublishProperties::default()
    }
}

pub(super) fn limit(limit: session::Limit) -> link::Limit {
    match limit {
        session::Limit::Qos(qos) => link::Limit::Qos(qos.bits()),
        session::Limit::Retain => link::Limit::Retain,
        session::Limit::Wildcards => link::Limit::Wildcards,
        session::Limit::Shared => link::Limit::Shared,
        session::Limit::Identifiers => link::Limit::Identifiers,
        session::Limit::PacketSize(bytes) => link::Limit::PacketSize(bytes),
        session::Limit::Version => link::Limit::Version,
        session::Limit::NoLocalShared => link::Limit::NoLocalShared,
    }
}

pub(super) fn phase(phase: session::Phase) -> link::Phase {
    match phase {
        session::Phase::Disconnected => link::Phase::Disconnected,
        session::Phase::Connecting => link::Phase::Connecting,
        session::Phase::Connected => link::Phase::Connected,
        session::Phase::Waiting => link::Phase::Waiting,
        session::Phase::Failed => link::Phase::Failed,
    }
}

pub(super) fn reached(reached: session::Reached) -> link::Reached {
    match reached {
        session::Reached::Nothing => link::Reached::Nothing,
        session::Reached::Opening => link::Reached::Opening,
        session::Reached::Sent => link::Reached::Sent,
        session::Reached::Accepted => link::Reached::Accepted,
    }
}

pub(super) fn trouble(trouble: &session::Trouble) -> link::Trouble {
    use session::Trouble as From;
    match trouble.clone() {
        From::Settings { detail } => link::Trouble::Settings { detail },
        From::Forbidden { detail } => link::Trouble::Forbidden { detail },
        From::NotOpened { after } => link::Trouble::NotOpened { after },
        From::OpenTimeout { after } => link::Trouble::OpenTimeout { after },
        From::Subprotocol { chosen } => link::Trouble::Subprotocol { chosen },
        From::TextFrame => link::Trouble::TextFrame,
        From::NoConnack { after } => link::Trouble::NoConnack { after },
        From::ClosedBeforeConnack { code, after } => {
            link::Trouble::ClosedBeforeConnack { code, after }
        }
        From::Refused {
            code,
            reason,
            server_reference,
        } => link::Trouble::Refused {
            code,
            reason,
            server_reference,
        },
        From::NoVersion => link::Trouble::NoVersion,
        From::Disconnected {
            code,
            reason,
            server_reference,
        } => link::Trouble::Disconnected {
            code,
            reason,
            server_reference,
        },
        From::Authentication { detail } => link::Trouble::Authentication { detail },
        From::Malformed { detail, clause } => link::Trouble::Malformed { detail, clause },
        From::TooLarge { size, limit } => link::Trouble::TooLarge { size, limit },
        From::PingUnanswered { after } => link::Trouble::PingUnanswered { after },
        From::Lost {
            code,
            reason,
            silence,
        } => link::Trouble::Lost {
            code,
            reason,
            silence,
        },
        From::Replaced { certain, client_id } => link::Trouble::Replaced { certain, client_id },
    }
}

pub(super) fn grant(grant: session::Grant) -> link::Grant {
    match grant {
        session::Grant::Asleep => link::Grant::Asleep,
        session::Grant::Asked => link::Grant::Asked,
        session::Grant::Granted(qos) => link::Grant::Granted(qos as u8),
        session::Grant::Refused(code) => link::Grant::Refused(code),
        session::Grant::Forbidden(why) => link::Grant::Forbidden(limit(why)),
        session::Grant::Withheld => link::Grant::Withheld,
    }
}

pub(super) fn publish_fault(why: session::PublishFault) -> link::PublishTrouble {
    match why {
        session::PublishFault::NotConnected => link::PublishTrouble::NotConnected,
        session::PublishFault::QueueFull => link::PublishTrouble::QueueFull,
        session::PublishFault::Expired => link::PublishTrouble::Expired,
        session::PublishFault::Cut => link::PublishTrouble::Cut,
        session::PublishFault::Forbidden(why) => link::PublishTrouble::Forbidden(limit(why)),
        session::PublishFault::Topic => link::PublishTrouble::Topic,
        session::PublishFault::TooLarge => link::PublishTrouble::TooLarge,
        session::PublishFault::NoIdentifier => link::PublishTrouble::NoIdentifier,
    }
}

pub(super) fn template_error(error: payload::TemplateError) -> link::PublishTrouble {
    link::PublishTrouble::Template {
        at: u32::try_from(error.at).unwrap_or(u32::MAX),
        what: error.what,
    }
}

pub(super) fn preview(payload: &[u8]) -> link::Preview {
    match payload::preview(payload) {
        payload::Preview::Empty => link::Preview::Empty,
        payload::Preview::Text(text) => link::Preview::Text(text),
        payload::Preview::Kind(kind) => link::Preview::Kind(kind.to_owned()),
        payload::Preview::Hex(hex) => link::Preview::Hex(hex),
    }
}

/// What a control packet says, on one line; of a malformed one, what is wrong with it.
pub(super) fn in_short(packet: &capture::Packet<'_>) -> link::Preview {
    /// As long as the start of a payload is shown.
    const LONGEST: usize = 160;
    /// A line needs no more, and a packet may be of any size.
    const READ: usize = 1024;
    let malformed = packet.malformed;
    let fields = if malformed {
        packet.fields()
    } else {
        packet.fields_within(READ)
    };
    let fault = fields
        .iter()
        .filter(|_| malformed)
        .find_map(|field| Some((field.name, field.fault?)));
    let mut line = String::new();
    if let Some((name, fault)) = fault {
        line = format!("{name}: {}", fault.kind);
    }
    let telling = fields.iter().filter(|field| {
        let about_bytes = field.name.ends_with("ength") || field.range.start == 0;
        // What the fields around them say anyway.
        let doubled = ["Protocol Name", "Connect Flags", "Property Identifier"];
        field.fault.is_none() && !about_bytes && !doubled.contains(&field.name)
    });
    for field in telling.filter(|_| fault.is_none()) {
        if line.len() >= LONGEST {
            break;
        }
        if !line.is_empty() {
            line.push_str(", ");
        }
        line.push_str(field.name);
        line.push(' ');
        line.push_str(&field.value);
    }
    link::Preview::Text(line.chars().take(LONGEST).collect())
}

/// The fields of a packet.
pub(super) fn fields(packet: &capture::Packet<'_>) -> Vec<link::Field> {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let word = |field: protocol::Field| link::Field {
        start: offset(field.range.start),
        end: offset(field.range.end),
        name: field.name.to_owned(),
        value: field.value,
        clause: field.clause.to_owned(),
        fault: field
            .fault
            .map(|fault| format!("{fault} ({})", fault.clause())),
    };
    packet.fields().into_iter().map(word).collect()
}
