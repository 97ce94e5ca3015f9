//! Floating-point numbers as the diagnostic notation writes them (RFC 8949 section 8): with the fewest digits that mean
//! this very number, and always with a point or an exponent. The standard library's tables for that add 20 KB to each
//! program; where there is JavaScript, it knows the digits.

/// A double.
pub fn double(value: f64) -> String {
    marked(value, shortest(value))
}

/// A single, or a half, which is one too.
pub fn single(value: f32) -> String {
    marked(value.into(), shortest_single(value))
}

/// With what tells it from an integer.
fn marked(value: f64, digits: String) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        let sign = if value < 0.0 { "-" } else { "" };
        format!("{sign}Infinity")
    } else if digits.contains(['.', 'e']) {
        digits
    } else {
        format!("{digits}.0")
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn shortest(value: f64) -> String {
    format!("{value:?}")
}

#[cfg(not(target_arch = "wasm32"))]
fn shortest_single(value: f32) -> String {
    format!("{value:?}")
}

#[cfg(target_arch = "wasm32")]
fn shortest(value: f64) -> String {
    let digits = js_sys::Number::from(value).to_string_with_radix(10);
    let digits = digits.map_or_else(|_| String::new(), String::from);
    // JavaScript leaves out the sign of zero, and writes one before an exponent.
    let sign = if value == 0.0 && value.is_sign_negative() {
        "-"
    } else {
        ""
    };
    format!("{sign}{}", digits.replace("e+", "e"))
}

/// Nine digits tell all singles apart; the fewest that lead back to this one are written.
#[cfg(target_arch = "wasm32")]
fn shortest_single(value: f32) -> String {
    if value == 0.0 {
        // Read from its digits it would lose its sign.
        return shortest(value.into());
    }
    let wide = js_sys::Number::from(f64::from(value));
    let fewest = (1..=9).find_map(|digits| {
        let text = wide.to_precision(digits).ok()?;
        let read = js_sys::Number::parse_float(&String::from(text));
        (read as f32 == value).then_some(read)
    });
    shortest(fewest.unwrap_or(value.into()))
}
