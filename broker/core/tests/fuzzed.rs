//! The properties of the broker's fuzz targets, for a bounded number of made-up inputs in every run. See `fuzz/README.md`.

use proptest::prelude::*;

#[path = "../../../fuzz/src/broker.rs"]
mod properties;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_client_upsets_the_broker(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        properties::broker(&bytes);
    }

    #[test]
    fn records_that_nobody_wrote_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        properties::restoring(&bytes);
    }
}
