//! What SCRAM-SHA-256 does with right, wrong and hostile brokers. Inside the module, since the example of the RFC fixes
//! the nonce.

use super::*;
use unicode_normalization::UnicodeNormalization;

fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

const ENTROPY: Bytes = [7; 32];
const NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
const FIRST: &str =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
const LAST: &str = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

/// The example of RFC 7677 section 3, before the broker's first message.
fn example() -> Scram {
    Scram::with_nonce("user", "pencil", nfkc, NONCE.to_owned())
}

fn proved() -> Scram {
    let mut scram = example();
    scram.answer(FIRST.as_bytes()).expect("a proof");
    scram
}

#[test]
fn the_example_of_rfc_7677_goes_through() {
    let mut scram = example();
    assert_eq!(scram.first(), b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    let proof = scram.answer(FIRST.as_bytes()).expect("a proof");
    assert_eq!(
        String::from_utf8(proof).as_deref(),
        Ok(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
             p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        )
    );
    assert_eq!(scram.finish(LAST.as_bytes()), Ok(()));
}

#[test]
fn the_signature_may_come_before_the_success() {
    let mut scram = proved();
    assert_eq!(scram.answer(LAST.as_bytes()), Ok(Vec::new()));
    assert_eq!(scram.finish(b""), Ok(()));
}

#[test]
fn a_broker_that_does_not_know_the_password_is_found_out() {
    let wrong = LAST.replace("v=6", "v=7");
    assert_eq!(proved().finish(wrong.as_bytes()), Err(AuthFault::Signature));
    assert_eq!(proved().answer(wrong.as_bytes()), Err(AuthFault::Signature));
    // A part of the right signature is not the right signature.
    let short = format!("v={}", Base64::encode_string(&[0xEA, 0xBA, 0xE2]));
    assert_eq!(proved().finish(short.as_bytes()), Err(AuthFault::Signature));
    assert_eq!(proved().finish(b"v="), Err(AuthFault::Signature));
    let mut scram = Scram::with_nonce("user", "pencil2", nfkc, NONCE.to_owned());
    scram.answer(FIRST.as_bytes()).expect("a proof");
    assert_eq!(scram.finish(LAST.as_bytes()), Err(AuthFault::Signature));
}

#[test]
fn success_without_proof_is_refused() {
    assert_eq!(example().finish(b""), Err(AuthFault::TooEarly));
    assert_eq!(example().finish(LAST.as_bytes()), Err(AuthFault::TooEarly));
    assert_eq!(proved().finish(b""), Err(AuthFault::Message));
    let mut scram = proved();
    assert_eq!(scram.finish(LAST.as_bytes()), Ok(()));
    assert_eq!(scram.finish(LAST.as_bytes()), Err(AuthFault::TooEarly));
}

#[test]
fn nothing_is_computed_after_the_end() {
    let mut scram = proved();
    assert_eq!(scram.answer(LAST.as_bytes()), Ok(Vec::new()));
    assert_eq!(scram.answer(LAST.as_bytes()), Err(AuthFault::TooLate));
    let mut scram = example();
    assert_eq!(scram.answer(b""), Err(AuthFault::Message));
    assert_eq!(scram.answer(FIRST.as_bytes()), Err(AuthFault::TooLate));
}

#[test]
fn the_nonce_must_go_on_from_ours() {
    for nonce in [
        "",
        NONCE,
        "rOprNGfwEbeRWgbNEkqP%hv",
        "x",
        &format!("{NONCE}\u{7f}"),
        &format!("{NONCE} x"),
    ] {
        let first = format!("r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assert_eq!(
            example().answer(first.as_bytes()),
            Err(AuthFault::Nonce),
            "{nonce}"
        );
    }
}

#[test]
fn the_iteration_count_is_bounded() {
    let ask = |count: &str| {
        let first = format!("r={NONCE}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i={count}");
        example().answer(first.as_bytes()).map(|_| ())
    };
    assert_eq!(ask("4096"), Ok(()));
    assert_eq!(ask("4095"), Err(AuthFault::Iterations(4095)));
    assert_eq!(ask("1"), Err(AuthFault::Iterations(1)));
    assert_eq!(ask("1000001"), Err(AuthFault::Iterations(1_000_001)));
    assert_eq!(ask("4294971392"), Err(AuthFault::Iterations(4_294_971_392)));
    assert_eq!(ask(&"9".repeat(100)), Err(AuthFault::Iterations(u64::MAX)));
    for count in ["", "0", "04096", "+4096", "-4096", "4096 ", "4k"] {
        assert_eq!(ask(count), Err(AuthFault::Message), "{count}");
    }
}

#[test]
fn the_salt_is_bounded() {
    let ask = |salt: &str| {
        let first = format!("r={NONCE}x,s={salt},i=4096");
        example().answer(first.as_bytes()).map(|_| ())
    };
    assert_eq!(ask(&Base64::encode_string(&[1; SALT_LIMIT])), Ok(()));
    let long = Base64::encode_string(&[1; SALT_LIMIT + 1]);
    for salt in ["", "!", "W22ZaJ0SNY7soEsUEjb6gQ", "W22Z aJ0S", &long] {
        assert_eq!(ask(salt), Err(AuthFault::Salt), "{salt}");
    }
}

#[test]
fn what_is_no_message_is_refused() {
    let long = format!("{FIRST},x={}", "y".repeat(MESSAGE_LIMIT));
    for first in [
        "",
        "r",
        "s=,r=,i=",
        "r=x",
        &format!("r={NONCE}x,i=4096,s=AAAA"),
        &long,
    ] {
        assert_eq!(
            example().answer(first.as_bytes()),
            Err(AuthFault::Message),
            "{first}"
        );
    }
    assert_eq!(example().answer(&[0xFF, 0xFE]), Err(AuthFault::Message));
    assert_eq!(proved().finish(b"w=AAAA"), Err(AuthFault::Message));
    assert_eq!(proved().finish(b"v=*"), Err(AuthFault::Message));
    let demanded = format!("m=x,{FIRST}");
    assert_eq!(
        example().answer(demanded.as_bytes()),
        Err(AuthFault::Extension)
    );
}

#[test]
fn what_the_broker_adds_behind_is_ignored() {
    let mut scram = example();
    let first = format!("{FIRST},x=later");
    scram.answer(first.as_bytes()).expect("a proof");
    // The extension is part of what is signed, so the signature of the example is not the right one here.
    assert_eq!(scram.finish(LAST.as_bytes()), Err(AuthFault::Signature));
    assert_eq!(
        proved().finish(format!("{LAST},x=later").as_bytes()),
        Ok(())
    );
}

#[test]
fn an_error_of_the_broker_is_told_in_known_words_only() {
    let error = |step: &mut Scram, data: &str| step.answer(data.as_bytes()).unwrap_err();
    assert_eq!(
        error(&mut example(), "e=unknown-user"),
        AuthFault::Refused("unknown-user")
    );
    assert_eq!(
        error(&mut proved(), "e=invalid-proof"),
        AuthFault::Refused("invalid-proof")
    );
    assert_eq!(
        proved().finish(b"e=call 0123 456 now"),
        Err(AuthFault::Refused("other-error"))
    );
}

#[test]
fn names_are_prepared_and_escaped() {
    let first = |name: &str| {
        String::from_utf8(Scram::with_nonce(name, "x", nfkc, "N".to_owned()).first())
            .unwrap_or_default()
    };
    assert_eq!(first("a,b=c"), "n,,n=a=2Cb=3Dc,r=N");
    // RFC 4013 section 3: the soft hyphen goes, other forms become one.
    assert_eq!(first("I\u{ad}X"), "n,,n=IX,r=N");
    assert_eq!(first("\u{2168}"), "n,,n=IX,r=N");
}

#[test]
fn what_saslprep_forbids_fails_before_anything_is_proved() {
    let answer = |name: &str, password: &str| {
        Scram::with_nonce(name, password, nfkc, NONCE.to_owned()).answer(FIRST.as_bytes())
    };
    assert_eq!(answer("a\u{7}", "x"), Err(AuthFault::UserName));
    assert_eq!(answer("", "x"), Err(AuthFault::UserName));
    assert_eq!(answer("x", "\u{627}1"), Err(AuthFault::Password));
    assert_eq!(answer("x", ""), Err(AuthFault::Password));
}

#[test]
fn nonces_differ_by_counter_and_by_entropy_and_are_the_same_for_the_same() {
    let first =
        |entropy: &Bytes, counter| Scram::new("user", "pencil", nfkc, entropy, counter).first();
    assert_eq!(first(&ENTROPY, 1), first(&ENTROPY, 1));
    assert_ne!(first(&ENTROPY, 1), first(&ENTROPY, 2));
    assert_ne!(first(&ENTROPY, 1), first(&[8; 32], 1));
    let message = String::from_utf8(first(&ENTROPY, 1)).expect("text");
    let nonce = message.rsplit("r=").next().expect("a nonce");
    assert_eq!(nonce.len(), 24);
    assert!(
        nonce
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b',')
    );
}

#[test]
fn no_secret_is_shown() {
    let mut scram = Scram::with_nonce("user", "hush-hush", nfkc, NONCE.to_owned());
    scram.answer(FIRST.as_bytes()).expect("a proof");
    let shown = format!("{scram:?}");
    assert!(
        !shown.contains("hush") && shown.contains("proved"),
        "{shown}"
    );
    let fault = AuthFault::Iterations(1).to_string();
    assert_eq!(
        fault,
        "the broker asks for 1 iterations; 4096 to 1000000 are allowed"
    );
}
