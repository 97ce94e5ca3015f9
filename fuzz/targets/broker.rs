#![no_main]
//! See `src/broker.rs`.

#[path = "../src/broker.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    properties::broker(bytes);
    properties::restoring(bytes);
});
