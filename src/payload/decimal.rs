//! Decimal numbers, read and written with integer arithmetic. The standard library is exact for every floating-point
//! number, and its tables for that add 10 kB to each program.

/// The most decimals. More would leave too few digits before the point in an integer.
const MOST_DECIMALS: usize = 9;

/// How many decimals were typed; `None`: this is not a plain number.
pub fn decimals(number: &str) -> Option<usize> {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = !whole.is_empty() && digits(whole) && digits(decimals) && !unsigned.ends_with('.');
    (plain && decimals.len() <= MOST_DECIMALS).then_some(decimals.len())
}

/// A typed number, multiplied by ten to the power of `decimals`, exactly.
pub fn scaled(number: &str, decimals: usize) -> Option<i64> {
    let (whole, typed) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}{typed:0<decimals$}").parse().ok()
}

/// A typed number. `None`: this is not a plain number, or has more than nine decimals or eighteen digits.
pub fn number(typed: &str) -> Option<f64> {
    let decimals = decimals(typed)?;
    Some(scaled(typed, decimals)? as f64 / unit(decimals as u32) as f64)
}

/// By how much a plain number is more than another, exactly, with its sign.
pub fn difference(before: &str, now: &str) -> Option<String> {
    let decimals = decimals(before)?.max(decimals(now)?);
    let by = scaled(now, decimals)?.checked_sub(scaled(before, decimals)?)?;
    let sign = if by >= 0 { "+" } else { "" };
    Some(format!("{sign}{}", with_point(by, decimals as u32)))
}

/// Writes an integer with the decimal point this many digits from the end, at most nine.
pub fn with_point(number: i64, decimals: u32) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let number = number.unsigned_abs();
    if decimals == 0 {
        return format!("{sign}{number}");
    }
    let unit = unit(decimals);
    let (whole, part) = (number / unit, number % unit);
    format!("{sign}{whole}.{part:0width$}", width = decimals as usize)
}

/// Writes a number with this many decimals, at most nine, rounded. Limited to 2^63 units of the last decimal.
pub fn rounded(number: f64, decimals: u32) -> String {
    with_point((number * unit(decimals) as f64).round() as i64, decimals)
}

fn unit(decimals: u32) -> u64 {
    10u64.pow(decimals)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_written_to_so_many_decimals() {
        for (number, decimals, written) in [
            (0.0, 0, "0"),
            (0.0, 1, "0.0"),
            (9.94, 1, "9.9"),
            (9.96, 1, "10.0"),
            (-0.25, 2, "-0.25"),
            (-0.04, 1, "0.0"),
            (1234.5, 0, "1235"),
            (26.5, 2, "26.50"),
            (f64::NAN, 1, "0.0"),
        ] {
            assert_eq!(rounded(number, decimals), written);
        }
        assert!(rounded(f64::INFINITY, 9).starts_with("9223372036."));
    }

    #[test]
    fn what_is_no_plain_number_is_not_read() {
        for typed in [
            "",
            "-",
            ".5",
            "5.",
            "1e3",
            "inf",
            "NaN",
            "+1",
            "0.1234567891",
            "99999999999999999999",
        ] {
            assert_eq!(number(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_read_as_the_standard_library_reads_it(whole in -999_999i64..1_000_000, part in 0u32..1_000_000_000, digits in 0usize..=9) {
            let part = format!("{part:09}");
            let typed = match part.get(..digits) {
                Some(part) if digits > 0 => format!("{whole}.{part}"),
                _ => whole.to_string(),
            };
            prop_assert_eq!(number(&typed), typed.parse().ok(), "{}", typed);
        }

        #[test]
        fn a_number_is_written_as_the_standard_library_writes_it(tenths in -1_000_000_000i64..1_000_000_000, decimals in 1u32..=6) {
            // Not halves, which the two round to different sides.
            let value = tenths as f64 / 7.0;
            prop_assert_eq!(rounded(value, decimals), format!("{value:.*}", decimals as usize));
        }
    }
}
