//! Sources as tokens, without comments and strings, where anything may be named freely.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The members of a group, up to its closing brace.
pub fn members<'a>(tokens: &'a [&'a str]) -> Vec<&'a [&'a str]> {
    let (mut found, mut begin, mut open) = (Vec::new(), 0, 0);
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "{" => open += 1,
            "}" if open > 0 => open -= 1,
            "," if open > 0 => {}
            "," | "}" => {
                if begin < at {
                    found.push(&tokens[begin..at]);
                }
                begin = at + 1;
                if *token == "}" {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Names, `::` and single signs.
pub fn tokens(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_')
                .unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        found.push(token);
        rest = after.trim_start();
    }
    found
}

/// The code without comments and strings, where rooms may be named freely.
pub fn without_words(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let sign = |at: usize| signs.get(at).copied().unwrap_or('\0');
    let mut code = String::new();
    let mut at = 0;
    while at < signs.len() {
        match (sign(at), sign(at + 1)) {
            ('/', '/') => {
                while at < signs.len() && sign(at) != '\n' {
                    at += 1;
                }
            }
            ('/', '*') => {
                let mut open = 0;
                loop {
                    match (sign(at), sign(at + 1)) {
                        ('/', '*') => (open, at) = (open + 1, at + 2),
                        ('*', '/') => (open, at) = (open - 1, at + 2),
                        _ => at += 1,
                    }
                    if open == 0 || at >= signs.len() {
                        break;
                    }
                }
            }
            ('r', '"' | '#')
                if !code.ends_with(|before: char| before.is_alphanumeric() || before == '_') =>
            {
                let hashes = signs[at + 1..]
                    .iter()
                    .take_while(|sign| **sign == '#')
                    .count();
                if sign(at + 1 + hashes) != '"' {
                    // r#name: an identifier
                    at += 1 + hashes;
                    continue;
                }
                at += 2 + hashes;
                let closing = |from: usize| {
                    sign(from) == '"' && (1..=hashes).all(|more| sign(from + more) == '#')
                };
                while at < signs.len() && !closing(at) {
                    at += 1;
                }
                at += 1 + hashes;
                code.push_str("\"\"");
            }
            ('"', _) => {
                at += 1;
                while at < signs.len() && sign(at) != '"' {
                    at += if sign(at) == '\\' { 2 } else { 1 };
                }
                at += 1;
                code.push_str("\"\"");
            }
            // A character: 'x' or '\n' or '\u{1b}'. Anything else after a quote is a lifetime.
            ('\'', '\\') => {
                at += 3;
                while at < signs.len() && sign(at) != '\'' {
                    at += 1;
                }
                at += 1;
            }
            ('\'', _) if sign(at + 2) == '\'' => at += 3,
            (other, _) => {
                code.push(other);
                at += 1;
            }
        }
    }
    code
}

/// The Rust files below a folder.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
