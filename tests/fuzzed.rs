//! The properties of the fuzz targets, for a bounded number of made-up inputs in every run. See `fuzz/README.md`.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;

#[path = "../fuzz/src/lib.rs"]
mod properties;

/// Bytes that look like packets: a first byte of a known type, a small length, and a body of any bytes.
fn packets() -> impl Strategy<Value = Vec<u8>> {
    let body = proptest::collection::vec(any::<u8>(), 0..40);
    let one = (0x10_u8..=0xFF, body).prop_map(|(first, body)| {
        let mut packet = vec![first, body.len() as u8];
        packet.extend(body);
        packet
    });
    proptest::collection::vec(one, 1..5).prop_map(|packets| packets.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_stream_means_the_same_however_it_is_split(bytes in packets()) {
        properties::framing(&bytes);
    }

    #[test]
    fn outline_typed_packet_and_field_map_agree(bytes in packets()) {
        for version in properties::VERSIONS {
            properties::decoding(&bytes, version);
        }
    }

    #[test]
    fn matching_is_what_the_specification_words(text in "[ab$+#/\n]{0,12}") {
        properties::topics(&text);
    }

    #[test]
    fn links_are_written_as_they_are_read(text in "(url|sub|id|qos|go|v|expiry|keep|clean)=[a-z0-9%/+#.:]{0,12}(&(sub|url|qos)=[a-z%/#+0-9]{0,8}){0,4}") {
        properties::links(&text);
    }

    #[test]
    fn what_is_saved_is_written_as_it_is_read(text in r#"\{"connections":\[\{"name":"[a-c]?","address":"[a-z:/]{0,6}","qos":[0-9]\}\]\}"#) {
        properties::storage(&text);
    }

    #[test]
    fn a_payload_is_read_the_same_in_one_turn_and_in_many(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..60),
            r#"[\[\]{}:,"\\ u0-9a-f.+-]{0,40}"#.prop_map(String::into_bytes),
            r"(\{\{| |seq|pick|a|b|\||\}\}|random 0..9|5){0,12}".prop_map(String::into_bytes),
        ],
    ) {
        properties::payloads(&bytes);
    }

    #[test]
    fn any_bytes_are_laid_out_and_opened_to_an_end(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            // Heads and bytes that mean something, so that some go further.
            proptest::collection::vec(
                prop_oneof![
                    Just(b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec()),
                    Just(b"\x78\x9c".to_vec()),
                    Just(b"\x28\xb5\x2f\xfd\x20\x04".to_vec()),
                    Just(b"\x01\0\0".to_vec()),
                    Just(b"\x4b\x4c\x4a\x06\0".to_vec()),
                    Just(b"\x82\xa1a".to_vec()),
                    Just(b"\x0a\x03abc".to_vec()),
                    Just(b"\x08\x96\x01".to_vec()),
                    Just(b"aGVsbG8=".to_vec()),
                ],
                0..8,
            ).prop_map(|parts| parts.concat()),
        ],
    ) {
        properties::laid_out(&bytes);
        properties::opening(&bytes);
    }

    #[test]
    fn no_broker_upsets_the_session(bytes in packets()) {
        properties::sessions(&bytes);
    }
}
