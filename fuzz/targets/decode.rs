#![no_main]
//! See `src/lib.rs`. Every version looks at the same bytes.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for version in midge_fuzz::VERSIONS {
        midge_fuzz::decoding(bytes, version);
    }
});
