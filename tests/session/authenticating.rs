//! Enhanced authentication: an exchange before CONNACK, and again on the user's wish. The broker here really holds the
//! password, as the verifier of RFC 5802 section 3 says.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use midge::protocol::PacketType;
use midge::session::{Authentication, Event, Input, Phase, Settings, Trouble};
use sha2::{Digest, Sha256};

use crate::link::*;

const METHOD: &str = "SCRAM-SHA-256";

fn settings_with(password: &str) -> Settings {
    let mut settings = settings5();
    settings.authentication = Some(Authentication::ScramSha256 {
        user_name: "user".to_owned(),
        password: password.to_owned(),
        entropy: [7; 32],
        normalize: str::to_owned,
    });
    settings
}

fn mac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

/// The broker's side of one exchange.
struct Verifier {
    bare: String,
    server_first: String,
}

impl Verifier {
    /// From the client's first data: its own answer.
    fn begin(first: &[u8]) -> (Self, Vec<u8>) {
        let first = std::str::from_utf8(first).expect("text");
        let bare = first.strip_prefix("n,,").expect("no channel binding");
        let nonce = bare.split_once(",r=").expect("a nonce").1;
        let salt = Base64::encode_string(b"salt");
        let server_first = format!("r={nonce}server,s={salt},i=4096");
        let this = Self {
            bare: bare.to_owned(),
            server_first: server_first.clone(),
        };
        (this, server_first.into_bytes())
    }

    /// From the client's final data: whether its proof is that of the password, and the server's signature.
    fn verify(&self, last: &[u8]) -> (bool, Vec<u8>) {
        let last = std::str::from_utf8(last).expect("text");
        let (without_proof, proof) = last.split_once(",p=").expect("a proof");
        let mut salted = [0; 32];
        pbkdf2::pbkdf2_hmac::<Sha256>(b"pencil", b"salt", 4096, &mut salted);
        let message = format!("{},{},{without_proof}", self.bare, self.server_first);
        let stored = Sha256::digest(mac(&salted, b"Client Key"));
        let signature = mac(&stored, message.as_bytes());
        let proof = Base64::decode_vec(proof).expect("base64");
        let key: Vec<u8> = proof.iter().zip(signature).map(|(p, s)| p ^ s).collect();
        let server = mac(&mac(&salted, b"Server Key"), message.as_bytes());
        let words = format!("v={}", Base64::encode_string(&server));
        (Sha256::digest(key) == stored, words.into_bytes())
    }
}

/// The bytes of a property of a packet that was sent: of text or bytes, found by its identifier and a length before it.
fn property(packet: &[u8], id: u8) -> Vec<u8> {
    let at = (0..packet.len().saturating_sub(2)).find(|&at| {
        let length = usize::from(packet[at + 1]) << 8 | usize::from(packet[at + 2]);
        packet[at] == id && length > 3 && at + 3 + length <= packet.len()
    });
    let at = at.expect("the property");
    let length = usize::from(packet[at + 1]) << 8 | usize::from(packet[at + 2]);
    packet[at + 3..at + 3 + length].to_vec()
}

/// The only packet that was sent.
fn only(seen: &[Seen]) -> Vec<u8> {
    let sent = sent(seen);
    assert_eq!(sent.len(), 1, "{seen:?}");
    sent[0].clone()
}

fn success(data: &[u8]) -> Vec<u8> {
    let properties = [text(0x15, METHOD.as_bytes()), text(0x16, data)].concat();
    connack5(false, 0, &properties)
}

/// Up to the client's proof: the verifier's view of it, and the signature.
fn proved(link: &mut Link) -> (bool, Vec<u8>) {
    let connect = only(&link.opened());
    assert_eq!(property(&connect, 0x15), METHOD.as_bytes());
    let (verifier, answer) = Verifier::begin(&property(&connect, 0x16));
    let auth = only(&link.bytes(&auth5(0x18, METHOD, &answer)));
    assert_eq!((auth[0], auth[2]), (0xF0, 0x18));
    assert_eq!(property(&auth, 0x15), METHOD.as_bytes());
    let proof = property(&auth, 0x16);
    // Neither a reason string nor user properties.
    assert_eq!(auth, auth5(0x18, METHOD, &proof));
    verifier.verify(&proof)
}

fn authenticated() -> Link {
    let mut link = Link::new(1);
    link.tell(connect(settings_with("pencil")));
    let (right, signature) = proved(&mut link);
    assert!(right);
    link.bytes(&success(&signature));
    assert_eq!(link.session.phase(), Phase::Connected);
    link
}

fn failed(link: &Link, seen: &[Seen], code: u8) {
    assert_eq!(parted(seen), [code], "{seen:?}");
    assert!(closes(seen));
    assert_eq!(link.session.phase(), Phase::Failed);
}

/// MQTT 5 [MQTT-4.12.0-3], [MQTT-4.12.0-5], [MQTT-3.15.1-1], [MQTT-3.15.2-1], [MQTT-3.15.2-2], [MQTT-3.15.2-3]
#[test]
fn both_sides_prove_themselves_before_connack() {
    authenticated();
}

/// What the user asked for meanwhile waits for CONNACK.
///
/// MQTT 5 [MQTT-3.1.2-30], [MQTT-3.15.2-1]
#[test]
fn nothing_but_auth_goes_out_before_connack() {
    use midge::protocol::Qos;
    let mut link = Link::new(1);
    link.tell(connect(settings_with("pencil")));
    let (_, signature) = {
        let connect = only(&link.opened());
        let (verifier, answer) = Verifier::begin(&property(&connect, 0x16));
        let mut seen = link.subscribe(&[("a", Qos::AtMostOnce)]);
        seen.extend(link.publish(1, Qos::AtMostOnce));
        seen.extend(link.publish(2, Qos::AtLeastOnce));
        seen.extend(link.tell(Input::Unsubscribe("b".to_owned())));
        seen.extend(link.pass(SECOND));
        assert_eq!(as_broker(&seen), [] as [PacketType; 0]);
        let auth = only(&link.bytes(&auth5(0x18, METHOD, &answer)));
        assert_eq!((auth[0], auth[2]), (0xF0, 0x18));
        verifier.verify(&property(&auth, 0x16))
    };
    let seen = link.bytes(&success(&signature));
    assert_eq!(
        as_broker(&seen),
        [
            PacketType::Subscribe,
            PacketType::Publish,
            PacketType::Publish
        ]
    );
}

/// The broker finds out, not the client.
///
/// MQTT 5 [MQTT-4.12.0-4]
#[test]
fn a_wrong_password_has_a_wrong_proof() {
    let mut link = Link::new(1);
    link.tell(connect(settings_with("pen")));
    assert!(!proved(&mut link).0);
    // Not authorized.
    link.bytes(&connack5(false, 0x87, &[]));
    assert!(matches!(
        link.session.trouble(),
        Some(Trouble::Refused { code: 0x87, .. })
    ));
    assert_eq!(link.session.phase(), Phase::Failed);
}

#[test]
fn a_broker_that_does_not_know_the_password_is_left() {
    for data in [&b"v=AAAA"[..], b"", b"e=other-error"] {
        let mut link = Link::new(1);
        link.tell(connect(settings_with("pencil")));
        proved(&mut link);
        let seen = link.bytes(&success(data));
        failed(&link, &seen, 0x80);
        assert!(matches!(
            link.session.trouble(),
            Some(Trouble::Authentication { .. })
        ));
        assert!(
            !events(&seen)
                .iter()
                .any(|event| matches!(event, Event::Connected { .. }))
        );
    }
}

/// A broker that skips the exchange has proved nothing.
#[test]
fn success_without_an_exchange_is_none() {
    let mut link = Link::new(1);
    link.tell(connect(settings_with("pencil")));
    link.opened();
    let seen = link.bytes(&success(b""));
    failed(&link, &seen, 0x80);
}

/// MQTT 5 [MQTT-4.12.0-5]
#[test]
fn the_method_is_that_of_connect_throughout() {
    type Answer = fn(&[u8]) -> Vec<u8>;
    let answers: [Answer; 3] = [
        |signature| connack5(false, 0, &text(0x16, signature)),
        |signature| {
            let other = [text(0x15, b"SCRAM-SHA-1"), text(0x16, signature)].concat();
            connack5(false, 0, &other)
        },
        |signature| auth5(0x18, "SCRAM-SHA-1", signature),
    ];
    for (nth, answer) in answers.into_iter().enumerate() {
        let mut link = Link::new(1);
        link.tell(connect(strict(settings_with("pencil"))));
        let (_, signature) = proved(&mut link);
        let seen = link.bytes(&answer(&signature));
        assert_eq!(link.session.phase(), Phase::Failed, "{nth}");
        let code = parted(&seen);
        assert!(code == [0x82] || code == [0x81], "{nth}: {code:?}");
    }
}

#[test]
fn a_message_that_the_method_does_not_know_ends_it() {
    let mut link = Link::new(1);
    link.tell(connect(settings_with("pencil")));
    link.opened();
    let seen = link.bytes(&auth5(0x18, METHOD, b"hello"));
    failed(&link, &seen, 0x80);
}

/// MQTT 5 [MQTT-4.12.0-7]
#[test]
fn without_a_method_no_auth_is_sent_and_none_is_taken() {
    let mut link = Link::connected(strict(settings5()));
    assert_eq!(link.tell(Input::Reauthenticate), []);
    let seen = link.bytes(&auth5(0x18, METHOD, b""));
    failed(&link, &seen, 0x82);
    // Other versions know no AUTH.
    let mut link = Link::connected(strict(settings()));
    assert_eq!(link.tell(Input::Reauthenticate), []);
    link.bytes(&[0xF0, 0]);
    assert_eq!(link.session.phase(), Phase::Failed);
}

/// MQTT 5 [MQTT-4.12.1-1]
#[test]
fn authenticating_anew_uses_the_method_of_connect_and_another_nonce() {
    let mut link = authenticated();
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let auth = only(&link.tell(Input::Reauthenticate));
        assert_eq!((auth[0], auth[2]), (0xF0, 0x19));
        assert_eq!(property(&auth, 0x15), METHOD.as_bytes());
        let first = property(&auth, 0x16);
        // One at a time.
        assert_eq!(link.tell(Input::Reauthenticate), []);
        let (verifier, answer) = Verifier::begin(&first);
        nonces.push(first);
        let auth = only(&link.bytes(&auth5(0x18, METHOD, &answer)));
        let (right, signature) = verifier.verify(&property(&auth, 0x16));
        assert!(right);
        let seen = link.bytes(&auth5(0x00, METHOD, &signature));
        assert_eq!(events(&seen), [Event::Reauthenticated]);
        assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
    }
    assert_ne!(nonces[0], nonces[1]);
    assert_eq!(link.session.phase(), Phase::Connected);
}

/// MQTT 5 [MQTT-4.12.1-2]
#[test]
fn a_broker_that_cannot_prove_itself_anew_is_left() {
    let mut link = authenticated();
    let auth = only(&link.tell(Input::Reauthenticate));
    let (_, answer) = Verifier::begin(&property(&auth, 0x16));
    link.bytes(&auth5(0x18, METHOD, &answer));
    let seen = link.bytes(&auth5(0x00, METHOD, b"v=AAAA"));
    failed(&link, &seen, 0x80);
}

/// Messages go on while it runs (MQTT 5 section 4.12.1).
#[test]
fn messages_flow_while_authenticating_anew() {
    let mut link = authenticated();
    link.tell(Input::Reauthenticate);
    assert_eq!(
        deliveries(&link.bytes(&publish5(0x32, "t", 1, &[]))).len(),
        1
    );
    let seen = link.publish(1, midge::protocol::Qos::AtLeastOnce);
    assert_eq!(as_broker(&seen), [PacketType::Publish]);
}

/// The exchange has the deadline of CONNACK, however often the broker asks.
#[test]
fn an_exchange_that_never_ends_is_cut_off() {
    let mut link = Link::new(1);
    link.tell(connect(settings_with("pencil")));
    proved(&mut link);
    link.pass(10 * SECOND);
    assert!(matches!(
        link.session.trouble(),
        Some(Trouble::NoConnack { .. })
    ));
}

/// A new connection has an exchange of its own.
#[test]
fn a_lost_exchange_is_begun_anew() {
    let mut link = Link::new(1);
    link.tell(connect(settings_with("pencil")));
    proved(&mut link);
    link.closed(1006);
    link.wake();
    let (right, signature) = proved(&mut link);
    assert!(right);
    link.bytes(&success(&signature));
    assert_eq!(link.session.phase(), Phase::Connected);
    let shown = format!("{:?}", link.session);
    assert!(!shown.contains("pencil"));
}
