//! What in an address looks like a secret, so that it does not go into a link for others. Some brokers want a token in
//! the query of the address; a link with it would let anybody in.

use percent_encoding::percent_decode_str;

/// Words that name a secret, wherever they stand in a parameter's name.
const TELLING: [&str; 9] = [
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "credential",
    "signature",
    "jwt",
    "apikey",
];

/// Names that name a secret only by themselves, or at the end of a name.
const TELLING_ENDS: [&str; 4] = ["key", "pass", "auth", "sig"];

/// From so many characters on a value of letters and digits without a word in it is taken for a secret.
const LONG: usize = 32;

/// The address without the parameters that look like secrets, and the names of those; a parameter without a name is
/// called `…`. The order of the others stays.
pub fn without_secrets(address: &str) -> (String, Vec<String>) {
    let Some((before, query)) = address.split_once('?') else {
        return (address.to_owned(), Vec::new());
    };
    let mut kept = Vec::new();
    let mut left_out = Vec::new();
    for parameter in query.split('&') {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name, value),
            None => ("", parameter),
        };
        let name = percent_decode_str(name).decode_utf8_lossy();
        let value = percent_decode_str(value).decode_utf8_lossy();
        if !value.is_empty() && (names_a_secret(&name) || is_a_secret(&value)) {
            left_out.push(if name.is_empty() {
                "…".to_owned()
            } else {
                name.into_owned()
            });
        } else {
            kept.push(parameter);
        }
    }
    if left_out.is_empty() {
        return (address.to_owned(), left_out);
    }
    let address = if kept.is_empty() {
        before.to_owned()
    } else {
        format!("{before}?{}", kept.join("&"))
    };
    (address, left_out)
}

fn names_a_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| !c.is_ascii() || c.is_ascii_alphanumeric())
        // The Kelvin sign is the one letter beyond ASCII whose small form is in it.
        .map(|c| {
            if c == '\u{212a}' {
                'k'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    // "Authorization" and its like, but not "author".
    let authority =
        plain.contains("authori") && !plain.ends_with("authority") || plain.contains("authent");
    authority
        || TELLING.iter().any(|word| plain.contains(word))
        || TELLING_ENDS.iter().any(|word| plain.ends_with(word))
}

fn is_a_secret(value: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || "-_+/=.~".contains(c);
    let mixed = value.contains(|c: char| c.is_ascii_digit())
        && value.contains(|c: char| c.is_ascii_alphabetic());
    // A JSON Web Token begins with a brace in Base64.
    let web_token = value.starts_with("eyJ") && value.contains('.');
    web_token || value.len() >= LONG && mixed && value.chars().all(part)
}
