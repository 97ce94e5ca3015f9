//! The lessons that come with Midge.

use std::{collections::BTreeSet, fs, path::Path};

use midge::lessons::{self, Lesson, Text};

const CHINESE: &str = "zh-Hant";

fn all() -> Vec<Lesson> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/lessons");
    let list = fs::read_to_string(folder.join("list.txt")).unwrap();
    let names: Vec<_> = list.lines().collect();
    let files: BTreeSet<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "list.txt")
        .collect();
    let listed: BTreeSet<_> = names.iter().map(|name| format!("{name}.txt")).collect();
    assert_eq!(files, listed, "the list names each file");
    let read = |name: &&str| {
        let text = fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
        let lessons = lessons::read(&text).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        assert_eq!(lessons.len(), 1, "{name}");
        assert_eq!(lessons[0].name, *name);
        lessons
    };
    names.iter().flat_map(read).collect()
}

fn in_both(what: &str, text: &Text) {
    assert!(!text.is_empty(), "{what}: nothing in English");
    assert!(text.has(CHINESE), "{what}: nothing in Chinese");
    let chinese = text.in_language(CHINESE);
    let han = |it: char| ('\u{4e00}'..'\u{9fff}').contains(&it);
    assert!(chinese.chars().any(han), "{what}: {chinese}");
    // What stands between backquotes is the same in every language.
    let code = |text: &str| -> BTreeSet<String> {
        lessons::spans(text)
            .into_iter()
            .filter_map(|span| match span {
                lessons::Span::Code(code) => Some(code.to_owned()),
                lessons::Span::Plain(_) => None,
            })
            .collect()
    };
    assert_eq!(code(text.english()), code(chinese), "{what}");
}

#[test]
fn every_lesson_is_whole_in_both_languages() {
    for lesson in all() {
        let name = &lesson.name;
        in_both(name, &lesson.title);
        in_both(name, &lesson.goal);
        if !lesson.needs.is_empty() {
            in_both(name, &lesson.needs);
        }
        assert!((2..=9).contains(&lesson.steps.len()), "{name}");
        for (index, step) in lesson.steps.iter().enumerate() {
            let place = format!("{name}, step {}", index + 1);
            in_both(&place, &step.task);
            in_both(&place, &step.seen);
            if !step.more.is_empty() {
                in_both(&place, &step.more);
            }
            for hint in &step.hints {
                in_both(&place, &hint.say);
            }
        }
    }
}

#[test]
fn no_step_is_done_before_anything_has_happened() {
    let connection = midge::link::Connection::default();
    for lesson in all() {
        for (index, step) in lesson.steps.iter().enumerate() {
            let goals = vec![midge::link::Found::default(); step.check.goals().count()];
            let facts = lessons::Facts {
                connection: &connection,
                subscriptions: &[],
                goals: &goals,
            };
            // To be away needs nothing but to go; every other step needs traffic, or a connection.
            let away = step.check.checks == [lessons::Check::Away];
            assert_eq!(
                step.check.is_done(&facts),
                away,
                "{}, step {}",
                lesson.name,
                index + 1
            );
        }
    }
}

#[test]
fn the_likeliest_mistakes_get_a_hint() {
    for lesson in all() {
        let hints: usize = lesson.steps.iter().map(|step| step.hints.len()).sum();
        assert!(hints >= 2, "{} has {hints}", lesson.name);
    }
}
