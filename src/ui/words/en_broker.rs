//! English: the connect screen, the doctor, settings and sharing.

mod codes;
mod details;
mod session;

pub use codes::CODES;
pub use details::DETAILS;
use session::SESSION;

use crate::link::{TAB_CLOSED, TAB_STOPPED};

use super::broker::{
    AddressWords, AttemptWords, BrokerWords, DoctorWords, FieldFaults, KeepingWords, LinkWords,
    SettingsWords, SharingWords,
};

pub const BROKER: BrokerWords = BrokerWords {
    section: "Broker",
    heading: "Connect to a broker",
    address: "Address",
    client_id: "Client id",
    new_id: "New id",
    user_name: "User name",
    password: "Password",
    show: "Show",
    hide: "Hide",
    session: "Session, will and limits",
    session_about: "How long the broker remembers you, and what it says when you vanish",
    five_about: "What newer brokers can do beyond that: limits, expiry, proof of who you are",
    keep_alive: "Keep alive (seconds)",
    keep_alive_hint: "After so long without a word the client asks the broker whether it is there. 0 turns it off.",
    clean_session: "Clean session",
    clean_session_hint: "Off: the broker keeps subscriptions and QoS 1 and 2 messages for this client id while it is away.",
    will: "Will",
    will_hint: "The broker publishes it when this page goes away without a goodbye. No topic: no will.",
    will_topic: "Will topic",
    will_payload: "Will payload",
    will_qos: "Will QoS",
    will_retain: "Retain the will",
    save_profile: "Save profile",
    practise: "Practise without a broker",
    in_this_browser: "a broker in this browser",
    profile_name: "Name of the profile",
    save: "Save",
    saved: |name| format!("Saved as “{name}”, without the password."),
    not_saved: "The browser did not allow saving.",
    engine_coming: "The part of Midge that connects is still loading. It connects as soon as it is there.",
    terminal: "The same in a terminal, if the broker takes plain MQTT over TCP, too",
    profiles: "Profiles",
    no_profiles: "Save profile keeps these settings for next time, without the password.",
    this_machine: "This machine",
    remove: |name| format!("Remove {name}"),
    beyond: SESSION,
    field_faults: FieldFaults {
        keep_alive: "Keep alive is a whole number of seconds from 0 to 65,535.",
        client_id_needed: "Without a clean session the broker needs a client id to know this client by.",
        user_name_needed: "Before MQTT 5 there is no password without a user name. Please type a user name, too.",
        too_long: "MQTT fields hold at most 65,535 bytes.",
    },
    address_words: AddressWords {
        empty: "Please type the broker's address, for example ws://localhost:9001.",
        no_scheme: "An address starts with ws:// or, encrypted, with wss://.",
        other_scheme: |scheme| {
            format!(
                "A browser reaches MQTT only over WebSocket: the address starts with ws:// or wss://, not {scheme}://."
            )
        },
        no_host: "The host is missing: a name or a number after ws://.",
        bad_host: "This host has a character that no host name has. Please check the address.",
        bad_port: "A port is a number from 1 to 65535.",
        space: "There is a space in the address.",
        fragment: "A WebSocket address cannot have a part after #.",
        credentials: "MQTT sends user name and password by itself; in the address they do nothing.",
        credentials_or_not: "What stands before the @ may be a user name and a password. MQTT sends them by itself; in the \
            address they do nothing. What is meant?",
        move_credentials: "Move them to their fields",
        move_credentials_to: |address| format!("Move them to their fields, and use {address}"),
        no_brackets: "An IPv6 number stands in brackets here, so that its colons are not taken for the port's.",
        mixed_content: "This page came over https, so the browser will not open an unencrypted ws:// address elsewhere. \
            The broker needs wss://, or open Midge over http.",
        instead: |address| format!("Use {address}"),
        plain_port: "Port 1883 is normally plain MQTT over TCP, which a browser cannot open. Mosquitto needs a listener \
            with “protocol websockets”, often on 9001.",
        tls_port: "Port 8883 is normally MQTT over TLS without WebSocket, which a browser cannot open. Encrypted \
            WebSocket is often on 8084, 8081 or 443.",
        two_lines: "Two lines in mosquitto.conf open it:",
        way_in: "Or Midge's companion is the way in, started like this:",
        mixed_content_on_lan: "This page came over https. Some browsers ask before they open ws:// in the local network, \
            others refuse. A page over http has no such trouble.",
        private_from_public: "This address is in a private network and the page is not: the browser may ask for \
            permission to reach the local network.",
        local_name: "Names ending in .local are not known to every device. If it fails, try the number instead.",
    },
    link: LinkWords {
        password: "The password in the link was ignored: links are not a safe place for it. Please type it here.",
        too_long: "The link is too long to be read.",
        too_many_filters: |count| {
            format!("Only the first {count} topic filters of the link were taken.")
        },
        too_many_addresses: |count| {
            format!("Only the first {count} addresses of the link were taken.")
        },
        unreadable: |part| format!("“{part}” in the link is damaged and was left out."),
        bad_filter: |filter| {
            format!("The link's topic filter {filter} is not valid and was left out.")
        },
        bad_value: |part| {
            format!("“{part}” in the link has no value that Midge knows and was left out.")
        },
        has_password: "The link asks to connect at once, and a password is filled in. If it is meant for this broker, press \
            Connect.",
    },
};

pub const ATTEMPT: AttemptWords = AttemptWords {
    heading: "Last attempt",
    may_talk: |page, address| format!("Page and broker may talk ({page} page, {address} address)"),
    may_not_talk: |page, address| {
        format!("Browsers keep page and broker apart ({page} page, {address} address)")
    },
    here: "The address is on this machine",
    nearby: "The address is in a local network",
    opening: "The socket is opening",
    opened: "The socket opened",
    not_opened: "The socket did not open",
    connect_sent: "CONNECT was sent",
    connect_not_sent: "CONNECT was not sent",
    connack_awaited: "CONNACK has not come",
    connack_accepted: "CONNACK accepted the connection",
    connack_not_accepted: "CONNACK did not accept the connection",
    done: "Done",
    failed: "Failed",
    open: "Open",
};

pub const DOCTOR: DoctorWords = DoctorWords {
    settings: "These settings do not fit into a CONNECT packet",
    forbidden: "The browser did not allow this connection",
    forbidden_checks: |detail| {
        format!(
            "The browser says: {detail} Usually the address is not valid, or the page came over https and the address is ws://."
        )
    },
    not_opened: |span| format!("The socket closed after {span}, before it opened"),
    open_timeout: |span| format!("The socket did not open within {span}"),
    guesses: "A browser tells a page no more than that. What it may be, likeliest first:",
    plain_port: |port| {
        format!(
            "Port {port} is normally MQTT without WebSocket, which a browser cannot open. WebSocket is often on 9001, encrypted on 8084."
        )
    },
    mixed_content: "This page came over https; browsers seldom let it open ws://. Use wss://, or open Midge over http.",
    certificate: "If the broker has a certificate of its own making, browsers refuse it without asking. Open this \
        address once, accept the certificate, then connect again:",
    permission: "The broker is in a private network and the page is not: the browser may have asked for permission \
        to reach the local network. Look for it at the left of its address bar.",
    fast: "It failed at once: nothing listens on this port, or what listens there does not speak WebSocket. Is the \
        broker running, and is the port right?",
    slow: "It took long to fail: the machine may be off, the number wrong, or a firewall in between.",
    local_name: "Names ending in .local are not known to every device; try the number instead.",
    path: "Some brokers expect a path such as /mqtt at the end of the address.",
    listener: "Mosquitto takes WebSocket when mosquitto.conf has these two lines:",
    subprotocol: |chosen| {
        format!(
            "The server chose the WebSocket subprotocol “{chosen}” instead of the one that was offered"
        )
    },
    no_subprotocol: "The server did not agree to the WebSocket subprotocol for MQTT",
    subprotocol_check: "A WebSocket server is there, but it is no MQTT broker, or the path leads to another service. \
        Brokers often use the path /mqtt.",
    text_frame: "The server sent a WebSocket text frame; MQTT uses binary frames",
    text_frame_check: "A WebSocket server is there, but what it says is not MQTT. Check port and path.",
    no_connack: |span| format!("The broker did not answer CONNECT with CONNACK within {span}"),
    no_connack_check: "The socket is open, but nobody speaks MQTT on it: port or path may belong to another service, \
        or the broker is overloaded.",
    closed_before_connack: |span, code| {
        format!("The broker closed the socket {span} after CONNECT, without CONNACK (code {code})")
    },
    closed_before_connack_check: "Some brokers do so when they do not like the client id, the MQTT version or the \
        credentials. The broker's log says more.",
    refused: |code| {
        match code {
        1 => "The broker refused the connection: unacceptable protocol version (CONNACK code 1)".to_owned(),
        2 => "The broker refused the connection: client id rejected (CONNACK code 2, identifier rejected)".to_owned(),
        3 => "The broker refused the connection: server unavailable (CONNACK code 3)".to_owned(),
        4 => "The broker refused the connection: bad user name or password (CONNACK code 4)".to_owned(),
        5 => "The broker refused the connection: not authorized (CONNACK code 5)".to_owned(),
        other => format!("The broker refused the connection with a reserved code (CONNACK code {other})"),
    }
    },
    refused_check: |code| match code {
        1 => "Choose “Newest the broker takes”: Midge speaks MQTT 5, 3.1.1 and 3.1.",
        2 => {
            "The broker does not take this client id: it may be too long for it, have characters that it does not \
            like, or be reserved. Try a new one."
        }
        3 => "The broker is there but does not take connections right now. Midge tries again.",
        4 => "Check user name and password; capitals count.",
        5 => {
            "Check user name and password; Mosquitto 2 answers a wrong password with this code, too. If they are \
            right, the broker's rules do not let this user or client id in."
        }
        _ => "MQTT gives this code no meaning. The broker's log may say more.",
    },
    no_user_name: "No user name was sent, and this broker seems to want one.",
    password_lines: "On Mosquitto, see what mosquitto.conf says. With per_listener_settings true, these lines count \
        only below their own listener:",
    password_reload: "Set the password anew, and let Mosquitto read it:",
    malformed: |detail, version, clause| {
        format!("The broker broke the protocol: {detail} ({version} section {clause})")
    },
    malformed_check: "The packet is in the list of messages, with the place marked. A proxy in between, or a service \
        that is no MQTT broker, can be the reason.",
    ping_unanswered: |span| {
        format!("The broker did not answer PINGREQ with PINGRESP within {span}")
    },
    ping_unanswered_check: "The network may be gone without a word, the machine asleep, or the broker stuck.",
    lost: |code| format!("The connection was lost: {code}"),
    lost_reason: "The broker gave a reason:",
    lost_idle: |silence, keep_alive| {
        format!(
            "Nothing had been sent or received for {silence} before. Proxies and load balancers often end connections \
             that are quiet for so long: a keep alive of {keep_alive} s would prevent it."
        )
    },
    new_tab_broker: "The next broker begins empty.",
    no_tab_broker: "The broker in this browser did not start: its files did not load, or the browser forbids it. With a network, \
        load the page again.",
    lost_check: "Messages sent meanwhile may be missing. What was received stays here.",
    close_code: |code| {
        match code {
        1000 => "closed normally by the broker (code 1000)".to_owned(),
        1001 => "the broker is going away (code 1001)".to_owned(),
        1002 => "the broker saw a protocol error (code 1002)".to_owned(),
        1003 => "the broker did not like the kind of data (code 1003)".to_owned(),
        1006 => {
            "the socket ended without a goodbye (code 1006, which says nothing more)".to_owned()
        }
        1008 => "against the broker's policy (code 1008)".to_owned(),
        1009 => "a message was too big for the broker (code 1009)".to_owned(),
        1011 => "an error inside the broker (code 1011)".to_owned(),
        1012 => "the broker restarts (code 1012)".to_owned(),
        1013 => "the broker asks to try again later (code 1013)".to_owned(),
        4150 => "the companion is refused by the broker's machine: nothing listens on that port (code 4150)".to_owned(),
        4151 => "no route leads from the companion to the broker's address (code 4151)".to_owned(),
        4152 => "the companion cannot find the broker: its host name is unknown (code 4152)".to_owned(),
        4153 => "the broker does not answer the companion; a firewall may drop what it sends (code 4153)".to_owned(),
        4154 => "the companion does not trust the broker's certificate; start it with --broker-ca and the file of that CA (code 4154)".to_owned(),
        4155 => "the broker's certificate is for another host name than --broker says (code 4155)".to_owned(),
        4156 => "the broker's certificate is not valid today (code 4156)".to_owned(),
        4157 => "the broker speaks no TLS on that port, or one older than 1.2 (code 4157)".to_owned(),
        4158 => "the broker wants a client certificate; start the companion with --broker-cert and --broker-key (code 4158)".to_owned(),
        4159 => "the broker speaks no MQTT over WebSocket at that path (code 4159)".to_owned(),
        4160 => "the connection between companion and broker broke (code 4160)".to_owned(),
        TAB_CLOSED => "the tab that had the broker was closed".to_owned(),
        TAB_STOPPED => "the broker in this browser stopped".to_owned(),
        other => format!("code {other}"),
    }
    },
    replaced: |id| {
        format!(
            "Another client connected with the client id {id}, so the broker ended this connection"
        )
    },
    perhaps_replaced: |id| {
        format!(
            "The broker ended the connection within seconds each time; most likely another client uses the client id {id}, too"
        )
    },
    replaced_check: "A broker keeps one connection per client id. Is Midge open in another tab, or does a program \
        use the same id? Midge rests now, so that the two do not throw each other out for ever.",
    with_new_id: "Connect with a new client id",
    again: "Connect again",
};

pub const SHARING: SharingWords = SharingWords {
    heading: "Share this connection",
    link: "Link",
    copy: "Copy link",
    connect_at_once: "Connect at once when the link is opened",
    inside: "In the link",
    inside_page: "this page and the broker's address",
    inside_user: |user| format!("the user name {user}"),
    inside_filters: |count, qos| match count {
        1 => format!("1 topic filter, QoS {qos}"),
        count => format!("{count} topic filters, QoS {qos}"),
    },
    inside_version: |version| format!("the version: {version}"),
    left_out: |names| format!("Left out, because it looks like a secret: {names}."),
    inside_never: "Never the password. Everyone gets a client id of their own.",
    no_address: "The address of the broker is not complete, so it is not in the link.",
    too_long: "This is too long for a QR code. The link works all the same.",
    join: "Join from a phone",
    join_hint: "Same page, same broker, a new client id. The password is never in the link.",
    start_with_lan: "Only this machine can open this page now. Started with --lan, Midge lets phones of the same \
        network join.",
    page_is_local: "Only this machine can open this page: its address is this machine's own name for itself.",
    broker_is_local: "The broker's address is this machine's own name for itself (localhost); a phone cannot reach \
        it. Use the machine's number in the network instead.",
    broker_in_tab: "The broker is in this browser. The link works in its other tabs, and nowhere else.",
    qr: "QR code of the link",
};

pub const SETTINGS: SettingsWords = SettingsWords {
    language: "Language",
    theme: "Colours",
    system: "System",
    light: "Light",
    dark: "Dark",
    budget: "Memory for messages",
    budget_hint: "When it is full, the oldest messages go, and are counted as dropped.",
};

pub const KEEPING: KeepingWords = KeepingWords {
    saved_without: |name, names| {
        format!("Saved as “{name}”, without the password and without {names}.")
    },
    too_many: "200 profiles are saved, and there is room for no more. Remove one first.",
    kept_by_later: "What is saved here was written by a newer Midge. This one leaves it as it is, and saves nothing.",
    put_aside: |name| {
        format!(
            "What was saved here cannot be read. It is kept in the browser's storage as {name}; profiles begin anew."
        )
    },
    not_stored: |names| {
        format!(
            "The address holds what looks like a secret: {names}. It is used, and stored neither as the last address nor in a profile."
        )
    },
    stored_too: |names| {
        format!(
            "The address holds what looks like a secret: {names}. It is stored in this browser, where others who use it may read it."
        )
    },
    store_too: "Store it, too",
    was_left_out: |names| {
        format!(
            "This address was stored without what looked like a secret: {names}. If the broker needs it, put it in again."
        )
    },
    ran_out: |span| {
        format!(
            "The signature or token in this address ran out {span} ago, so the broker will hardly take it. Get a new address."
        )
    },
};
