//! Numbers as JSON writes them (RFC 8259 section 6), compared digit by digit: exact for any number of digits, and without the
//! tables that floating-point numbers need.

use std::cmp::Ordering;

/// A number in its parts.
#[derive(Clone, Copy, Debug)]
struct Parts<'a> {
    negative: bool,
    /// From the first digit that is not zero on; a point may be among them.
    digits: &'a [u8],
    /// How many of the digits stand before the point; negative for zeros behind it.
    before_point: i64,
}

/// Whether this is a number, and nothing else.
pub fn is_number(text: &str) -> bool {
    parts(text).is_some()
}

/// Compares two numbers. `None`: one of them is none.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (parts(one)?, parts(other)?);
    let sign = |parts: &Parts<'_>| match (parts.digits.is_empty(), parts.negative) {
        (true, _) => 0,
        (false, true) => -1,
        (false, false) => 1,
    };
    let (sign, other_sign) = (sign(&one), sign(&other));
    if sign != other_sign || sign == 0 {
        return Some(sign.cmp(&other_sign));
    }
    let size = one.before_point.cmp(&other.before_point);
    let size = size.then_with(|| of_digits(one.digits, other.digits));
    Some(if sign < 0 { size.reverse() } else { size })
}

fn of_digits<'a>(one: &'a [u8], other: &'a [u8]) -> Ordering {
    let digits = |bytes: &'a [u8]| bytes.iter().filter(|byte| **byte != b'.');
    let (mut one, mut other) = (digits(one), digits(other));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            // Zeros at the end change nothing.
            (digit, further) => {
                let order = digit.unwrap_or(&b'0').cmp(further.unwrap_or(&b'0'));
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let zeros = whole.bytes().take_while(|byte| *byte == b'0').count();
    let (digits, before_point) = if zeros < whole.len() {
        (
            mantissa.as_bytes().get(zeros..)?,
            (whole.len() - zeros) as i64,
        )
    } else {
        let zeros = part.bytes().take_while(|byte| *byte == b'0').count();
        (part.as_bytes().get(zeros..)?, -(zeros as i64))
    };
    Some(Parts {
        negative,
        digits,
        before_point: before_point + i64::from(exponent),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_number_is_not_read() {
        for text in [
            "", "-", ".", "e5", "1e", "1e+", "inf", "NaN", "0x1", "1,5", "--1", "1.2.3", " 1",
        ] {
            assert!(!is_number(text), "{text}");
        }
        for text in ["0", "-0", "+1", ".5", "5.", "1e3", "1E-3", "00.10"] {
            assert!(is_number(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_any_length_are_compared_exactly() {
        let long = "123456789012345678901234567890.000000000000000000000000000001";
        let longer = "123456789012345678901234567890.000000000000000000000000000002";
        assert_eq!(compare(long, longer), Some(Ordering::Less));
        assert_eq!(compare("1e2147483647", "9"), Some(Ordering::Greater));
        assert_eq!(compare("-1e-2147483648", "0"), Some(Ordering::Less));
        for (one, other) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("0.05", "5e-2"),
            ("-0", "0e9"),
            ("007", "7"),
        ] {
            assert_eq!(compare(one, other), Some(Ordering::Equal), "{one} {other}");
        }
        assert_eq!(compare("1", "x"), None);
    }

    proptest! {
        #[test]
        fn numbers_are_compared_as_the_standard_library_does(one in -2_000i32..2_000, other in -2_000i32..2_000, down in 0u32..4, exponent in -3i32..4) {
            let written = |number: i32| {
                let size = number.unsigned_abs();
                let unit = 10u32.pow(down);
                let sign = if number < 0 { "-" } else { "" };
                format!("{sign}{}.{:0width$}e{exponent}", size / unit, size % unit, width = down as usize)
            };
            prop_assert_eq!(compare(&written(one), &written(other)), Some(one.cmp(&other)));
        }
    }
}
