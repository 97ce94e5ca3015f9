//! The lines: every token once and as it came, at any depth, and each made once.

use midge::payload::{
    Check, Checked, Folds, JsonKind, JsonLine, Layout, MOST_INDENTED, check_json,
};
use proptest::prelude::*;

use crate::generated::document;

fn lines(text: &str) -> Vec<JsonLine> {
    let mut layout = Layout::default();
    layout.go_on(text.as_bytes(), usize::MAX);
    assert!(layout.is_done());
    layout.lines().to_vec()
}

/// The lines as the page writes them, without the indentation.
fn tokens(text: &str, lines: &[JsonLine]) -> String {
    let bytes = text.as_bytes();
    let mut out = String::new();
    for line in lines {
        if let Some(key) = line.shown_key(bytes) {
            out.push_str(key);
            out.push(':');
        }
        out.push_str(line.shown(bytes));
        if line.comma {
            out.push(',');
        }
    }
    out
}

/// The text without the white space between its tokens.
fn without_space(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    text.chars()
        .filter(|&letter| {
            if !inside && letter.is_ascii_whitespace() {
                return false;
            }
            if letter == '"' && !escaped {
                inside = !inside;
            }
            escaped = letter == '\\' && !escaped;
            true
        })
        .collect()
}

#[test]
fn lines_are_indented_and_tokens_stay_as_they_came() {
    let text = r#"{"a":1.50,"b":[true,null,{ }],"c\"":"x,}\\","d":1e99}"#;
    let written: String = lines(text)
        .iter()
        .map(|line| {
            let indent = "  ".repeat(line.indented());
            format!("{indent}{}\n", tokens(text, std::slice::from_ref(line)))
        })
        .collect();
    let expected = "{\n  \"a\":1.50,\n  \"b\":[\n    true,\n    null,\n    {}\n  ],\n  \"c\\\"\":\"x,}\\\\\",\n  \"d\":1e99\n}\n";
    assert_eq!(written, expected);
}

#[test]
fn two_hundred_levels_keep_all_their_brackets() {
    for (open, close) in [("[", "]"), ("{\"k\":", "}"), ("[{\"k\":", "}]")] {
        let text = format!("{}7{}", open.repeat(200), close.repeat(200));
        assert_eq!(check_json(&text), Ok(()));
        let lines = lines(&text);
        assert_eq!(tokens(&text, &lines), text);
        let brackets = |kind| lines.iter().filter(|line| line.kind == kind).count();
        assert_eq!(
            (brackets(JsonKind::Open), brackets(JsonKind::Close)),
            (200 * open.matches(['[', '{']).count(), 200 * close.len())
        );
        let deepest = lines.iter().map(JsonLine::indented).max();
        assert_eq!(deepest, Some(MOST_INDENTED));
    }
}

#[test]
fn a_million_levels_are_laid_out_as_far_as_is_asked_for_and_overflow_nothing() {
    let deep = 1_000_000;
    let text = format!("{}7{}", "[".repeat(deep), "]".repeat(deep));
    assert_eq!(check_json(&text), Ok(()));
    let mut layout = Layout::default();
    layout.go_on(text.as_bytes(), 1_000);
    assert_eq!(layout.lines().len(), 1_000);
    layout.go_on(text.as_bytes(), usize::MAX);
    assert_eq!(layout.lines().len(), 2 * deep + 1);
    assert_eq!(tokens(&text, layout.lines()), text);
    assert!(check_json(&"[".repeat(deep)).is_err());
    assert!(check_json(&"{\"\":".repeat(deep)).is_err());
}

#[test]
fn a_document_of_many_lines_is_laid_out_once_in_as_many_turns_as_one_likes() {
    let text = format!("[{}0]", "0,".repeat(100_000));
    let mut layout = Layout::default();
    let mut ends = Vec::new();
    for most in (200..=2_000).step_by(200) {
        layout.go_on(text.as_bytes(), most);
        assert_eq!(layout.lines().len(), most);
        ends.push(layout.at());
    }
    // Each turn goes as far as the one before it, from where that one stopped.
    assert!(
        ends.windows(2).all(|ends| ends[1] - ends[0] == 400),
        "{ends:?}"
    );
    let whole = lines(&text);
    layout.go_on(text.as_bytes(), usize::MAX);
    assert_eq!(layout.lines(), whole);
}

#[test]
fn a_check_in_turns_stops_between_tokens_and_comes_to_the_same_end() {
    let text = format!("[{}0]", "\"some words\", ".repeat(10_000));
    let (mut check, mut turns) = (Check::default(), 0);
    while check.go_on(text.as_bytes(), 1_000) == Checked::Unknown {
        turns += 1;
    }
    assert!((130..=140).contains(&turns), "{turns} turns");
    assert_eq!(check.go_on(text.as_bytes(), 1_000), Checked::Json);
}

proptest! {
    #[test]
    fn the_lines_hold_every_token_as_it_came(text in document(), turn in 1usize..50) {
        prop_assert_eq!(check_json(&text), Ok(()));
        let all = lines(&text);
        prop_assert_eq!(tokens(&text, &all), without_space(&text));
        let mut layout = Layout::default();
        while !layout.is_done() {
            let most = layout.lines().len() + turn;
            layout.go_on(text.as_bytes(), most);
        }
        prop_assert_eq!(layout.lines(), all);
    }

    #[test]
    fn a_check_in_turns_says_what_a_check_in_one_says(text in document(), cut in any::<prop::sample::Index>(), turn in 1usize..20) {
        let cut = text.floor_char_boundary(cut.index(text.len() + 1));
        for text in [&text, &text[..cut]] {
            let whole = Check::default().go_on(text.as_bytes(), usize::MAX);
            let mut check = Check::default();
            let turns = loop {
                match check.go_on(text.as_bytes(), turn) {
                    Checked::Unknown => {}
                    end => break end,
                }
            };
            prop_assert_eq!(turns, whole);
        }
    }

    #[test]
    fn nothing_typed_makes_it_panic_or_go_on_for_ever(text in "[\\[\\]{},:\"\\\\u0-9a-f .+'-]{0,64}|.{0,64}") {
        let _ = check_json(&text);
        let mut layout = Layout::default();
        layout.go_on(text.as_bytes(), usize::MAX);
        prop_assert!(layout.is_done());
    }
}

/// The lines with these brackets folded.
fn folded(text: &str, folds: Folds) -> Vec<String> {
    let mut layout = Layout::folded(folds);
    while !layout.is_done() {
        layout.go_on(text.as_bytes(), usize::MAX);
    }
    let bytes = text.as_bytes();
    let line = |line: &JsonLine| {
        let key = line
            .shown_key(bytes)
            .map(|key| format!("{key}: "))
            .unwrap_or_default();
        format!(
            "{key}{}{}",
            line.shown(bytes),
            if line.comma { "," } else { "" }
        )
    };
    layout.lines().iter().map(line).collect()
}

#[test]
fn what_is_folded_is_one_line_whatever_stands_in_it() {
    let text = r#"{"a": {"}": "]\"}", "b": [1, 2]}, "c": [[3], {}]}"#;
    let mut folds = Folds::default();
    folds.toggle(6);
    assert_eq!(
        folded(text, folds.clone()),
        [
            "{",
            "\"a\": {…},",
            "\"c\": [",
            "[",
            "3",
            "],",
            "{}",
            "]",
            "}"
        ]
    );
    folds.toggle(6);
    assert!(folds.is_none());
    assert_eq!(
        folded(text, Folds::all()),
        ["{", "\"a\": {…},", "\"c\": […]", "}"]
    );
    let mut but_one = Folds::all();
    but_one.toggle(6);
    assert_eq!(
        folded(text, but_one)[1..4],
        ["\"a\": {", "\"}\": \"]\\\"}\",", "\"b\": […]"]
    );
    let mut outermost = Folds::default();
    outermost.toggle(0);
    assert_eq!(folded(text, outermost), ["{…}"]);
}

#[test]
fn what_is_folded_is_passed_over_in_steps() {
    let text = format!("[[{}1], 2]", "1,".repeat(5_000_000));
    let mut layout = Layout::folded(Folds::all());
    let mut steps = 0;
    while !layout.is_done() {
        layout.go_on(text.as_bytes(), 1_000);
        steps += 1;
    }
    assert_eq!((layout.lines().len(), steps > 2), (4, true));
}
