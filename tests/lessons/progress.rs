//! What is remembered of lessons.

use midge::lessons::{self, Lesson, Progress};

fn lesson(name: &str, steps: usize) -> Lesson {
    let step = "step: Do it\ncheck: connected\nseen: Done\n".repeat(steps);
    let text = format!("lesson: {name}\ntitle: a\ngoal: b\n{step}");
    lessons::read(&text).unwrap().remove(0)
}

#[test]
fn steps_are_done_in_any_order_and_remembered() {
    let lesson = lesson("own", 3);
    let mut progress = Progress::default();
    assert_eq!(progress.next(&lesson), Some(0));
    progress.do_step("own", 1);
    assert_eq!(
        (progress.next(&lesson), progress.done(&lesson)),
        (Some(0), 1)
    );
    progress.do_step("own", 0);
    assert_eq!(progress.next(&lesson), Some(2));
    let mut read = Progress::read(&progress.write());
    assert_eq!(read, progress);
    read.do_step("own", 2);
    assert_eq!((read.next(&lesson), read.done(&lesson)), (None, 3));
    read.forget("own");
    assert_eq!(read.next(&lesson), Some(0));
}

#[test]
fn what_is_stored_and_cannot_be_read_is_left_out() {
    for text in ["", "=", "a", "a=zz", "=1", "a=99999999999999999999"] {
        assert_eq!(Progress::read(text), Progress::default(), "{text}");
    }
    let mixed = Progress::read("a=3 rubbish b=1 =7");
    assert_eq!(mixed.write(), "a=3 b=1");
}

#[test]
fn it_does_not_grow_without_end() {
    let mut progress = Progress::default();
    for number in 0..500 {
        progress.do_step(&format!("l{number}"), 0);
    }
    progress.do_step("l499", 1_000);
    assert!(progress.write().len() < 4_000);
    assert!(progress.is_done("l499", 0) && !progress.is_done("l0", 0));
    assert!(!progress.is_done("l499", 1_000));
}
