//! Secrets in an address, and when a signature or a token in one runs out.

use midge::profile::{
    secrets::{same_without_secrets, without_secrets},
    signed::runs_out,
};
use proptest::prelude::*;

const AWS: &str = "wss://a1b2-ats.iot.eu-central-1.amazonaws.com/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIAEXAMPLE%2F20261127%2Feu-central-1%2Fiotdevicegateway%2Faws4_request\
    &X-Amz-Date=20261127T094127Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host\
    &X-Amz-Signature=0f1e2d3c&X-Amz-Security-Token=IQoJb3Jp";

#[test]
fn an_address_is_stored_without_its_secrets() {
    let (address, left_out) = without_secrets(AWS);
    assert_eq!(
        address,
        "wss://a1b2-ats.iot.eu-central-1.amazonaws.com/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Date=20261127T094127Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
    );
    assert_eq!(
        left_out,
        [
            "X-Amz-Credential",
            "X-Amz-Signature",
            "X-Amz-Security-Token"
        ]
    );
    for (address, kept) in [
        ("wss://h/mqtt?token=a", "wss://h/mqtt"),
        ("wss://h/mqtt?access_token=a&x=1", "wss://h/mqtt?x=1"),
        ("wss://h/?jwt=a", "wss://h/"),
        (
            "wss://h?sv=1&sr=h&sig=a%2B&se=1795000000",
            "wss://h?sv=1&sr=h&se=1795000000",
        ),
        ("wss://h?password=a", "wss://h"),
        ("wss://h?x=1&pw=a", "wss://h?x=1"),
        ("wss://h/eyJhbGciOi.eyJl.c2ln/mqtt", "wss://h/mqtt"),
        ("wss://h/mqtt/eyJhbGciOi.eyJl.c2ln?x=1", "wss://h/mqtt?x=1"),
        ("ws://h/mqtt?client=7", "ws://h/mqtt?client=7"),
        ("ws://h/eyJ/mqtt", "ws://h/eyJ/mqtt"),
    ] {
        assert_eq!(without_secrets(address).0, kept, "{address}");
        assert!(same_without_secrets(address, kept));
        assert_eq!(without_secrets(kept).1, [""; 0], "{kept}");
    }
    assert!(!same_without_secrets(
        "ws://h/a?token=1",
        "ws://h/b?token=1"
    ));
}

/// 27 November 2026, 09:41:27.
const THEN: u64 = 1_795_772_487;

#[test]
fn a_signed_address_says_when_it_runs_out() {
    assert_eq!(runs_out(AWS), Some(THEN + 3600));
    assert_eq!(
        runs_out(&AWS.replace("X-Amz-", "x-goog-")),
        Some(THEN + 3600)
    );
    for (query, at) in [
        ("se=1795772487&sig=x", Some(THEN)),
        ("se=2026-11-27T09%3A41%3A27Z&sig=x", Some(THEN)),
        ("se=2026-11-27T09:41:27.5000000Z", Some(THEN)),
        ("se=2026-11-27T09:41Z", Some(THEN - 27)),
        ("Expires=1795772487", Some(THEN)),
        ("exp=1795772487000", Some(THEN)),
        ("se=1795772487&Expires=1795772400", Some(1_795_772_400)),
        ("expires=3600", None),
        ("se=2026-13-27T09:41:27Z", None),
        ("se=0000-00-00T00:00:00Z", None),
        ("se=1969-12-31T23:59:59Z", None),
        ("se=2026-11-27T09:41:27+01:00", None),
        ("X-Amz-Date=20261127T094127Z", None),
        ("X-Amz-Expires=60", None),
        ("X-Amz-Date=20261127T094127Z&X-Amz-Expires=-1", None),
        ("", None),
    ] {
        assert_eq!(runs_out(&format!("wss://h/mqtt?{query}")), at, "{query}");
    }
    assert_eq!(runs_out("wss://h?se=1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(
        runs_out("wss://h?se=2024-02-29T00:00:00Z"),
        Some(1_709_164_800)
    );
    assert_eq!(
        runs_out("wss://h?se=2000-03-01T00:00:00Z"),
        Some(951_868_800)
    );
}

#[test]
fn a_web_token_says_when_it_runs_out() {
    // {"alg":"none"} . {"sub":"chen","exp":1795772487} and {"exp":1795772487.25} and [1] and {"exp":"x"}
    for (claims, at) in [
        ("eyJzdWIiOiJjaGVuIiwiZXhwIjoxNzk1NzcyNDg3fQ", Some(THEN)),
        ("eyJleHAiOjE3OTU3NzI0ODcuMjV9", Some(THEN)),
        ("WzFd", None),
        ("eyJleHAiOiJ4In0", None),
        ("!!", None),
        ("", None),
    ] {
        let token = format!("eyJhbGciOiJub25lIn0.{claims}.c2ln");
        assert_eq!(
            runs_out(&format!("wss://h/mqtt?jwt={token}")),
            at,
            "{claims}"
        );
        assert_eq!(runs_out(&format!("wss://h/mqtt?{token}")), at, "{claims}");
        assert_eq!(runs_out(&format!("wss://h/{token}/mqtt")), at, "{claims}");
    }
}

proptest! {
    #[test]
    fn no_address_makes_it_panic(address: String, query in "[A-Za-z0-9=&%.:TZ-]{0,60}") {
        let _ = runs_out(&address);
        let _ = runs_out(&format!("wss://h?se={query}"));
        let _ = runs_out(&format!("wss://h?x-amz-date={query}&x-amz-expires={query}"));
        let _ = runs_out(&format!("wss://h/eyJ.{query}"));
    }
}
