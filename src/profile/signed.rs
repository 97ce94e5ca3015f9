//! When a signed address, or a token in it, expires, as far as the address itself tells. Knows no clock.

use base64ct::{Base64UrlUnpadded, Encoding};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::reading::secrets::is_a_web_token;

/// The longest token that is read, in bytes.
const LONGEST_TOKEN: usize = 16 * 1024;

/// From here on a number in a query is read as milliseconds. As seconds it would be the year 5138.
const MILLISECONDS: u64 = 100_000_000_000;

/// When the broker stops accepting the address, in seconds since the Unix epoch. The earliest, if there are several.
/// `None`: unknown.
pub fn runs_out(address: &str) -> Option<u64> {
    let (before, query) = address.split_once('?').unwrap_or((address, ""));
    let query = query.split('#').next().unwrap_or_default();
    let mut signed_at = None;
    let mut lasts = None;
    let mut ends = Vec::new();
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=').unwrap_or(("", parameter));
        let value = percent_decode_str(value).decode_utf8_lossy();
        match name.to_ascii_lowercase().as_str() {
            "x-amz-date" | "x-goog-date" => signed_at = date(&value),
            "x-amz-expires" | "x-goog-expires" => lasts = value.parse::<u32>().ok(),
            // Shared access signatures of Azure, and addresses with the older signatures of AWS.
            "se" | "expires" | "exp" => ends.extend(date(&value).or_else(|| seconds(&value))),
            _ => ends.extend(token_ends(&value)),
        }
    }
    ends.extend(before.split('/').filter_map(token_ends));
    if let (Some(signed_at), Some(lasts)) = (signed_at, lasts) {
        ends.push(signed_at + u64::from(lasts));
    }
    ends.into_iter().min()
}

fn seconds(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    // Smaller numbers are durations or something else.
    match number {
        1_000_000_000..MILLISECONDS => Some(number),
        MILLISECONDS.. => Some(number / 1000),
        _ => None,
    }
}

/// The claim `exp` of a JSON Web Token (RFC 7519 section 4.1.4).
fn token_ends(token: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Claims<'a> {
        #[serde(borrow)]
        exp: &'a RawValue,
    }
    if !is_a_web_token(token) || token.len() > LONGEST_TOKEN {
        return None;
    }
    let claims = Base64UrlUnpadded::decode_vec(token.split('.').nth(1)?).ok()?;
    let claims = std::str::from_utf8(&claims).ok()?;
    // Only an object: serde would also read a list as this type.
    if !claims.trim_start().starts_with('{') {
        return None;
    }
    let claims: Claims = serde_json::from_str(claims).ok()?;
    // The number may have a fraction.
    claims.exp.get().split('.').next()?.parse().ok()
}

/// Reads `20261127T094127Z`, with or without the dashes and colons of ISO 8601. Only UTC.
fn date(text: &str) -> Option<u64> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let time = time.split('.').next().unwrap_or(time);
    let digits = |text: &str, most: usize| {
        let plain: String = text.chars().filter(|c| !"-:".contains(*c)).collect();
        let sound = plain.len() == most && plain.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| plain.parse::<u64>().ok()).flatten()
    };
    let day = digits(day, 8)?;
    // Some have no seconds.
    let time = digits(time, 6).or_else(|| Some(digits(time, 4)? * 100))?;
    let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
    let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100);
    let sound = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !sound {
        return None;
    }
    // Counted as if years started in March, so that the leap day is the last day of a year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}
