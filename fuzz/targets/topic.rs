#![no_main]
//! See `src/lib.rs`.

libfuzzer_sys::fuzz_target!(|text: &str| midge_fuzz::topics(text));
