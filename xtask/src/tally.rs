//! Reads the counts of tests from the output of test runners.

use std::fmt;
use std::ops::Add;

/// Counts of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed or were cancelled.
    pub failed: u64,
    /// Tests that were skipped.
    pub skipped: u64,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// `cargo test` and wasm-bindgen's runner: one `test result:` line for each program of tests.
pub fn cargo(lines: &[String]) -> Tally {
    let mut total = Tally::default();
    for line in lines {
        let line = plain(line);
        let Some((_, counts)) = line.split_once("test result: ") else {
            continue;
        };
        // "ok. 3 passed; 0 failed; ..."
        let counts = counts.split_once(". ").map_or(counts, |(_, rest)| rest);
        for count in counts.split(';') {
            let mut words = count.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
                continue;
            };
            match words.next() {
                Some("passed") => total.passed += number,
                Some("failed") => total.failed += number,
                Some("ignored") => total.skipped += number,
                _ => {}
            }
        }
    }
    total
}

/// `node --test`: the closing lines of its `spec` (`ℹ pass 3`) and `tap` (`# pass 3`) reporters.
pub fn node(lines: &[String]) -> Tally {
    let last = |word: &str| {
        lines.iter().rev().find_map(|line| {
            let line = plain(line);
            let mut words = line.split_whitespace();
            let marked = matches!(words.next(), Some("ℹ" | "#")) && words.next() == Some(word);
            let number = words.next()?.parse::<u64>().ok()?;
            (marked && words.next().is_none()).then_some(number)
        })
    };
    let count = |word: &str| last(word).unwrap_or(0);
    Tally {
        passed: count("pass"),
        failed: count("fail") + count("cancelled"),
        skipped: count("skipped") + count("todo"),
    }
}

/// Removes terminal colours from a line.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // ESC [ ... letter
            for follower in characters.by_ref() {
                if follower.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn cargo_test_prints_one_result_for_each_program() {
        let output = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            running 3 tests\n\
            test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out\n";
        assert_eq!(
            cargo(&lines(output)),
            Tally {
                passed: 3,
                failed: 1,
                skipped: 1
            }
        );
    }

    #[test]
    fn node_prints_its_counts_at_the_end() {
        let spec = "✔ a thing (1.2ms)\nℹ tests 6\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0";
        assert_eq!(
            node(&lines(spec)),
            Tally {
                passed: 3,
                failed: 2,
                skipped: 1
            }
        );
        let tap = "ok 1 - # pass the salt\n# tests 1\n# pass 1\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0";
        assert_eq!(
            node(&lines(tap)),
            Tally {
                passed: 1,
                failed: 0,
                skipped: 0
            }
        );
    }

    #[test]
    fn what_a_test_prints_is_not_taken_for_a_count() {
        assert_eq!(
            node(&lines("# pass 12 of 13\nℹ pass 1")),
            Tally {
                passed: 1,
                failed: 0,
                skipped: 0
            }
        );
        assert_eq!(
            node(&lines("ℹ pass 1\nℹ passing on 7 bytes")),
            Tally {
                passed: 1,
                failed: 0,
                skipped: 0
            }
        );
        assert_eq!(cargo(&lines("5 passed; 0 failed")), Tally::default());
    }
}
