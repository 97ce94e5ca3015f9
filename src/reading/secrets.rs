//! What in an address looks like a secret, so that it does not go into a link for others, nor into storage unasked. Some
//! brokers want a token in the query of the address; whoever has it may come in.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Words that name a secret, wherever they stand in a parameter's name.
const TELLING: [&str; 12] = [
    "passphrase",
    "bearer",
    "hmac",
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
const TELLING_ENDS: [&str; 5] = ["key", "pass", "auth", "sig", "pw"];

/// From so many characters on a value of letters and digits without a word in it is taken for a secret.
const LONG: usize = 32;

/// What stands for a secret without a name.
const NAMELESS: &str = "…";

/// Both addresses are the same but for secrets, which one of them may have been stored without.
pub fn same_without_secrets(one: &str, other: &str) -> bool {
    one == other || without_secrets(one).0 == without_secrets(other).0
}

/// The address without the parameters that look like secrets, and the names of those; a parameter without a name is
/// called `…`. The order of the others stays. A web token in the path is left out, too.
pub fn without_secrets(address: &str) -> (String, Vec<String>) {
    let mut left_out = Vec::new();
    let Some((before, query)) = address.split_once('?') else {
        return (path_without_secrets(address, &mut left_out), left_out);
    };
    let before = path_without_secrets(before, &mut left_out);
    let mut kept = Vec::new();
    for parameter in query.split('&') {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name, value),
            None => ("", parameter),
        };
        let name = percent_decode_str(name).decode_utf8_lossy();
        let value = percent_decode_str(value).decode_utf8_lossy();
        if !value.is_empty() && (names_a_secret(&name) || is_a_secret(&value)) {
            left_out.push(if name.is_empty() {
                NAMELESS.to_owned()
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
        before
    } else {
        format!("{before}?{}", kept.join("&"))
    };
    (address, left_out)
}

/// The address without a user name and password before its host.
pub fn without_user_info(address: &str) -> Cow<'_, str> {
    let start = address.find("://").map_or(0, |scheme| scheme + 3);
    let (scheme, rest) = address.split_at(start);
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    match rest.split_at(end).0.rfind('@') {
        Some(at) => Cow::Owned(format!("{scheme}{}", rest.split_at(at + 1).1)),
        None => Cow::Borrowed(address),
    }
}

fn path_without_secrets(path: &str, left_out: &mut Vec<String>) -> String {
    let token = |segment: &&str| is_a_web_token(segment);
    if !path.split('/').any(|segment| token(&segment)) {
        return path.to_owned();
    }
    left_out.push(NAMELESS.to_owned());
    let kept: Vec<&str> = path.split('/').filter(|segment| !token(segment)).collect();
    kept.join("/")
}

/// A JSON Web Token begins with a brace in Base64.
pub fn is_a_web_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.contains('.')
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
    is_a_web_token(value) || value.len() >= LONG && mixed && value.chars().all(part)
}
