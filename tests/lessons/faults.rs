//! What is wrong with a lesson's text is told with its line.

use midge::lessons::{self, Fault, Why};

const HEAD: &str = "lesson: own\ntitle: Mine\ngoal: Something\n";
const STEP: &str = "step: Do it\ncheck: connected\nseen: Done\n";

fn fault(text: &str) -> Fault {
    lessons::read(text).expect_err(text)
}

#[test]
fn a_lesson_is_read_with_remarks_and_lines_that_go_on() {
    let text = format!(
        "\u{feff}# Mine\n\n{HEAD}step: Do it\n  well\ncheck: 2 received a/+\nseen zh-Hant: 好\nseen: Done\n"
    );
    let lessons = lessons::read(&text).unwrap();
    assert_eq!(lessons.len(), 1);
    let step = &lessons[0].steps[0];
    assert_eq!(step.task.english(), "Do it well");
    assert_eq!(step.seen.in_language("zh-Hant"), "好");
    assert_eq!(
        step.seen.in_language("de"),
        "Done",
        "English where there is nothing else"
    );
    assert_eq!(step.check.goals().next().unwrap().count, 2);
}

#[test]
fn faults_name_their_line() {
    let cases: &[(&str, usize, Why)] = &[
        ("title: no lesson", 1, Why::Misplaced("title".to_owned())),
        ("lesson: Big", 1, Why::Name),
        ("lesson: own", 1, Why::Missing("title")),
        ("lesson: own\ntitle: Mine", 1, Why::Missing("goal")),
        ("lesson: own\nno key", 2, Why::NoKey),
        ("lesson: own\ntitle:", 2, Why::NoValue),
        (
            "lesson: own\ntitle: a\ntitle: b",
            3,
            Why::Twice("title".to_owned()),
        ),
        (
            "lesson: own\ncheck: connected",
            2,
            Why::Misplaced("check".to_owned()),
        ),
        (
            "lesson: own\ncolour: red",
            2,
            Why::UnknownKey("colour".to_owned()),
        ),
    ];
    for (text, line, why) in cases {
        let expected = Fault {
            line: *line,
            why: why.clone(),
        };
        assert_eq!(fault(text), expected, "{text}");
    }
    assert_eq!(
        fault(HEAD),
        Fault {
            line: 1,
            why: Why::Missing("step")
        }
    );
}

#[test]
fn faults_in_a_step_name_their_line() {
    // Behind a whole step: the line is the ninth.
    let cases: &[(&str, Why)] = &[
        ("check: often", Why::Check),
        ("check: 0 received", Why::Check),
        ("check: 1", Why::Check),
        ("check: connected now", Why::Check),
        ("check: version 4", Why::Check),
        ("check: 3 apart 5 received", Why::Check),
        ("check: 1 qos:9", Why::Query(4)),
        ("check: subscribed a#", Why::Topic("a#".to_owned())),
        ("check: reaches a/+", Why::Topic("a/+".to_owned())),
        ("check: reaches", Why::Check),
        ("prepare: a/# 1", Why::Topic("a/#".to_owned())),
        ("predict: a maybe", Why::Prediction),
        ("predict: a", Why::Prediction),
        ("show: window", Why::Place),
        ("say: before a hint", Why::Misplaced("say".to_owned())),
        ("and: connected", Why::Misplaced("and".to_owned())),
        ("title: late", Why::Misplaced("title".to_owned())),
        ("seen: twice", Why::Twice("seen".to_owned())),
        ("check de: connected", Why::UnknownKey("check".to_owned())),
        ("colour: red", Why::UnknownKey("colour".to_owned())),
    ];
    for (line, why) in cases {
        let text = format!("{HEAD}{STEP}# A remark\n\n{line}\n");
        let expected = Fault {
            line: 9,
            why: why.clone(),
        };
        assert_eq!(fault(&text), expected, "{line}");
    }
}

#[test]
fn what_a_step_lacks_is_told_at_its_line() {
    for (step, missing) in [
        ("step: Do it\nseen: Done", "check"),
        ("step: Do it\ncheck: connected", "seen"),
        (
            "step: Do it\ncheck: connected\nseen: Done\nhint: away",
            "say",
        ),
    ] {
        let expected = Fault {
            line: 4,
            why: Why::Missing(missing),
        };
        assert_eq!(fault(&format!("{HEAD}{step}\n")), expected, "{step}");
        // Also where another step or another lesson follows.
        assert_eq!(fault(&format!("{HEAD}{step}\n{STEP}")), expected, "{step}");
        assert_eq!(
            fault(&format!("{HEAD}{step}\n{HEAD}{STEP}")),
            expected,
            "{step}"
        );
    }
}

#[test]
fn two_lessons_have_two_names() {
    let expected = Fault {
        line: 7,
        why: Why::SameName("own".to_owned()),
    };
    assert_eq!(fault(&format!("{HEAD}{STEP}{HEAD}{STEP}")), expected);
}

#[test]
fn there_is_an_end_to_everything() {
    let steps = STEP.repeat(65);
    assert_eq!(fault(&format!("{HEAD}{steps}")).why, Why::TooMany("step"));
    let checks = "check: connected\n".repeat(33);
    assert_eq!(
        fault(&format!("{HEAD}step: a\n{checks}")).why,
        Why::TooMany("check")
    );
    let hints = "hint: away\nsay: b\n".repeat(33);
    assert_eq!(
        fault(&format!("{HEAD}step: a\n{hints}")).why,
        Why::TooMany("hint")
    );
}

proptest::proptest! {
    #[test]
    fn no_text_is_a_panic(text in "[ -~\\n:`#温]{0,300}") {
        let _ = lessons::read(&text);
        let _ = lessons::spans(&text);
    }

    #[test]
    fn no_mutilated_lesson_is_a_panic(cut in 0usize..3_000, put in ".{0,4}") {
        let text = include_str!("../../public/lessons/wildcards.txt");
        let at = text.char_indices().map(|(at, _)| at).nth(cut % text.chars().count()).unwrap();
        let _ = lessons::read(&format!("{}{put}{}", &text[..at], &text[at..]));
    }
}
