//! Numbers, sizes and spans for reading.

use crate::payload::rounded;

/// A whole number with its thousands apart: `48,211`.
pub fn whole(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A rate per second: whole from 10 on, one decimal below.
pub fn rate(rate: f32) -> String {
    if rate <= 0.0 {
        "0".to_owned()
    } else if rate < 9.95 && rate.fract() != 0.0 {
        rounded(f64::from(rate), 1)
    } else {
        whole(rate.round() as u64)
    }
}

/// A number of bytes: `46 B`, `48.2 kB`, `1.5 MB` (by 1,000).
pub fn size(bytes: u64) -> String {
    let thousands = bytes as f64 / 1000.0;
    if bytes < 1000 {
        format!("{bytes} B")
    } else if thousands < 999.95 {
        rounded(thousands, 1) + " kB"
    } else {
        rounded(thousands / 1000.0, 1) + " MB"
    }
}

/// Milliseconds as a span: `2 ms`, `1.4 s`, `3 min`.
pub fn span(millis: f64) -> String {
    if millis < 10.0 {
        rounded(millis, 1) + " ms"
    } else if millis < 1000.0 {
        rounded(millis, 0) + " ms"
    } else if millis < 60_000.0 {
        rounded(millis / 1000.0, 1) + " s"
    } else {
        rounded(millis / 60_000.0, 0) + " min"
    }
}
