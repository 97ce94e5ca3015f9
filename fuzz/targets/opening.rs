#![no_main]
//! See `src/lib.rs`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| midge_fuzz::opening(bytes));
