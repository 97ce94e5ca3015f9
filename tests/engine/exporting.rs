//! A file of what was captured, as the page gets it: in chunks, one in a frame, between everything else.

use midge::link::{Chunk, Command, ExportRequest, FileFormat};

use crate::simulated::{World, plain};

fn request(number: u32, query: &str) -> Command {
    Command::Export(Box::new(ExportRequest {
        number,
        format: FileFormat::JsonLines,
        query: query.to_owned(),
        packets: false,
        secrets: false,
    }))
}

/// Asks until the last chunk has come, or nothing more comes.
fn chunks(world: &mut World) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for _ in 0..200 {
        let before = world.frames.len();
        world.ask();
        let new = world.frames.iter().skip(before);
        chunks.extend(new.filter_map(|frame| frame.chunk.clone()));
        if chunks.last().is_some_and(|chunk| chunk.last) {
            break;
        }
    }
    chunks
}

fn filled() -> World {
    let mut world = World::connected();
    for number in 0..3_000 {
        world.broker_sends(&plain("t", &format!("{number} {}", "x".repeat(300))));
    }
    world
}

#[test]
fn a_file_comes_in_numbered_chunks_that_make_a_whole() {
    let mut world = filled();
    world.say(request(4, ""));
    let chunks = chunks(&mut world);
    assert!(chunks.len() > 1, "{}", chunks.len());
    for (index, chunk) in chunks.iter().enumerate() {
        assert_eq!((chunk.number, chunk.index as usize), (4, index));
        assert!(chunk.bytes.len() < 600 * 1024);
        assert_eq!(chunk.last, index + 1 == chunks.len());
        assert!(!chunk.last || chunk.looked_at == chunk.of);
    }
    let whole: Vec<u8> = chunks
        .iter()
        .flat_map(|chunk| chunk.bytes.clone())
        .collect();
    let text = String::from_utf8(whole).unwrap();
    assert_eq!(text.lines().count(), 3_000);
    assert!(
        text.lines()
            .nth(1_234)
            .unwrap()
            .contains("\"payload\":\"1234 x")
    );
}

#[test]
fn what_comes_meanwhile_is_not_in_the_file_and_the_page_goes_on_hearing_of_it() {
    let mut world = filled();
    world.say(request(1, "topic:t"));
    world.ask();
    world.broker_sends(&plain("t", "late"));
    let before = world.frames.len();
    let rest = chunks(&mut world);
    assert!(
        rest.iter()
            .all(|chunk| !String::from_utf8_lossy(&chunk.bytes).contains("\"late\""))
    );
    let told = world.frames.iter().skip(before);
    assert!(told.filter(|frame| !frame.answers.is_empty()).count() > 0);
}

#[test]
fn a_file_can_be_given_up_and_another_takes_its_place() {
    let mut world = filled();
    world.say(request(1, ""));
    world.ask();
    world.say(Command::StopExport(7));
    world.say(request(2, "2999"));
    let second = chunks(&mut world);
    assert!(second.iter().all(|chunk| chunk.number == 2));
    assert!(second.last().unwrap().last);
    world.say(request(3, ""));
    world.ask();
    world.say(Command::StopExport(3));
    let before = world.frames.len();
    for _ in 0..5 {
        world.ask();
    }
    assert!(
        world
            .frames
            .iter()
            .skip(before)
            .all(|frame| frame.chunk.is_none())
    );
}

#[test]
fn a_query_that_finds_nothing_makes_an_empty_file() {
    let mut world = filled();
    world.say(request(1, "topic:elsewhere"));
    let chunks = chunks(&mut world);
    assert!(chunks.last().unwrap().last);
    assert!(chunks.iter().all(|chunk| chunk.bytes.is_empty()));
}

#[test]
fn a_message_larger_than_a_chunk_comes_in_several() {
    let mut world = World::connected();
    let payload = "x".repeat(3_000_000);
    world.broker_sends(&plain("t", &payload));
    world.broker_sends(&plain("t", "after"));
    world.say(request(1, ""));
    let chunks = chunks(&mut world);
    assert!(chunks.len() >= 6);
    assert!(chunks.iter().all(|chunk| chunk.bytes.len() <= 512 * 1024));
    assert_eq!(chunks.iter().filter(|chunk| chunk.last).count(), 1);
    let whole: Vec<u8> = chunks.into_iter().flat_map(|chunk| chunk.bytes).collect();
    let text = String::from_utf8(whole).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains(&payload) && text.ends_with("\"payload\":\"after\"}\n"));
}
