//! The words of the page, read from the files of the languages: what may be told from the words themselves. That none is missing
//! the compiler sees to.
#![cfg(not(target_arch = "wasm32"))]

use std::{collections::BTreeMap, fs, path::Path};

/// MQTT's word for a message that the broker holds for later subscribers. What is kept otherwise is 留存.
const RETAINED: &str = "保留";

/// What is the same in every language: names, and an example.
const SAME: [&str; 5] = [
    "Broker",
    "Client ID",
    "Midge → Broker",
    "Broker → Midge",
    "lab/+/temp",
];

/// The texts of an entry, by the name of its field and how many of that name came before it.
type Entries = BTreeMap<(String, usize), String>;

/// The texts of a file of words.
fn entries(source: &str) -> Entries {
    let mut all = Entries::new();
    let mut counts = BTreeMap::<String, usize>::new();
    let mut at = None;
    for line in source.lines().map(str::trim) {
        if line.starts_with("//") {
            continue;
        }
        let name = line.split_once(": ").map(|(name, _)| name).filter(|name| {
            let letter = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
            !name.is_empty() && name.chars().all(letter)
        });
        if let Some(name) = name {
            let count = counts.entry(name.to_owned()).or_default();
            at = Some((name.to_owned(), *count));
            *count += 1;
        }
        if let Some(at) = &at {
            let entry = all.entry(at.clone()).or_default();
            entry.push_str(line);
            entry.push('\n');
        }
    }
    for entry in all.values_mut() {
        *entry = texts(entry);
    }
    all
}

/// What stands between quotes, without what is filled in.
fn texts(source: &str) -> String {
    let (mut out, mut within, mut filled, mut escaped) = (String::new(), false, false, false);
    for letter in source.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if within => escaped = true,
            '"' => {
                within = !within;
                out.push(' ');
            }
            '{' if within => filled = true,
            '}' if within => filled = false,
            _ if within && !filled => out.push(letter),
            _ => {}
        }
    }
    out
}

/// English and Chinese of each entry, with its place.
fn pairs() -> Vec<(String, String, String)> {
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/words");
    let mut pairs = Vec::new();
    for folder in [words.clone(), words.join("zh_hant_broker")] {
        for file in fs::read_dir(folder).expect("the words").flatten() {
            let path = file.path();
            let chinese = path.display().to_string();
            if !chinese.contains("zh_hant") || path.is_dir() {
                continue;
            }
            let read = |path: &str| fs::read_to_string(path).expect("a file for each language");
            let english = entries(&read(&chinese.replace("zh_hant", "en")));
            let chinese_entries = entries(&read(&chinese));
            assert!(
                english.keys().eq(chinese_entries.keys()),
                "{chinese} has other entries than the English file"
            );
            for ((key, chinese_text), english_text) in
                chinese_entries.into_iter().zip(english.into_values())
            {
                let file = path.file_name().expect("a name").to_string_lossy();
                pairs.push((
                    format!("{file}: {} {}", key.0, key.1),
                    english_text,
                    chinese_text,
                ));
            }
        }
    }
    assert!(pairs.len() > 500, "only {} entries were read", pairs.len());
    pairs
}

#[test]
fn retained_and_kept_are_two_words_in_chinese() {
    let wrong: Vec<_> = pairs()
        .into_iter()
        .filter(|(_, english, chinese)| {
            let retained = english.to_lowercase().contains("retain");
            // The query's own words are the same in every language.
            let own = chinese.contains("retained");
            (chinese.contains(RETAINED) && !retained)
                || (retained && !chinese.contains(RETAINED) && !own)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_is_left_in_english() {
    let han = |text: &str| {
        text.chars()
            .any(|one| ('\u{3400}'..='\u{9fff}').contains(&one))
    };
    let left = |text: &str| {
        let small = |one: char| one.is_ascii_lowercase();
        text.split(|one: char| !small(one)).any(|run| run.len() > 2)
    };
    let wrong: Vec<_> = pairs()
        .into_iter()
        // What stands on the keys of a keyboard is the same everywhere.
        .filter(|(place, ..)| !place.contains(": keys "))
        .filter(|(_, _, chinese)| left(chinese) && !han(chinese) && !SAME.contains(&chinese.trim()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
