use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn put(key: u8, value: u8) -> Change {
    Change::Put {
        key: vec![key],
        value: vec![value],
    }
}

#[tokio::test]
async fn what_was_said_to_be_safe_is_there_again_in_the_order_of_its_keys() {
    let folder = std::env::temp_dir().join(format!("midge-keeping-{}", std::process::id()));
    let (mut keeper, records) = Keeper::open(&folder, Ear::default()).await.unwrap();
    assert_eq!(records, []);
    keeper.keep(1, vec![put(3, 1), put(1, 1), put(2, 1)]);
    keeper.keep(2, vec![put(1, 2), Change::Remove { key: vec![2] }]);
    assert_eq!((keeper.kept().await, keeper.kept().await), (1, 2));
    // Two at once would each believe to be the only one.
    let second = Keeper::open(&folder, Ear::default()).await;
    let words = second.err().unwrap().to_string();
    assert!(words.contains("another midge is using it"), "{words}");
    keeper.close().await;
    let (_, records) = Keeper::open(&folder, Ear::default()).await.unwrap();
    assert_eq!(records, [(vec![1], vec![2]), (vec![3], vec![1])]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_named() {
    let file = std::env::temp_dir().join(format!("midge-no-folder-{}", std::process::id()));
    std::fs::write(&file, "").unwrap();
    let error = Keeper::open(&file, Ear::default()).await.err().unwrap();
    assert!(
        error.to_string().contains(file.to_str().unwrap()),
        "{error}"
    );
    std::fs::remove_file(&file).unwrap();
}

/// Whichever part of the file is damaged: it is opened, or said to be damaged in words for a person.
#[tokio::test]
async fn a_damaged_file_is_called_that() {
    let folder = std::env::temp_dir().join(format!("midge-damaged-{}", std::process::id()));
    let (mut keeper, _) = Keeper::open(&folder, Ear::default()).await.unwrap();
    let many = (0..=255).map(|key| put(key, key)).collect();
    keeper.keep(1, many);
    keeper.kept().await;
    keeper.close().await;
    let file = folder.join(FILE);
    let whole = std::fs::read(&file).unwrap();
    let mut refused = 0;
    for at in (0..whole.len()).step_by(2048) {
        let mut damaged = whole.clone();
        let end = (at + 1024).min(whole.len());
        damaged[at..end].fill(0xA5);
        std::fs::write(&file, &damaged).unwrap();
        match Keeper::open(&folder, Ear::default()).await {
            Ok((keeper, _)) => keeper.close().await,
            Err(error) => {
                let words = error.to_string();
                assert!(words.contains("midge.redb is damaged"), "{at}: {words}");
                assert!(!words.contains("panicked"), "{at}: {words}");
                refused += 1;
            }
        }
    }
    for length in [1, 100, 5000, whole.len() - 1] {
        std::fs::write(&file, &whole[..length]).unwrap();
        let error = Keeper::open(&folder, Ear::default()).await.err().unwrap();
        assert!(error.to_string().contains("is damaged"), "{error}");
    }
    assert!(refused > 1, "{refused}");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The library may panic over what it finds in its file: the person at the terminal is told, and it is tried again.
#[test]
fn a_panic_while_writing_is_a_failure_to_write() {
    let told = Arc::new(AtomicUsize::new(0));
    let counter = told.clone();
    let ear = Ear::new(move |notice| {
        assert_eq!(notice, Notice::CannotKeep);
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let (batches, coming) = mpsc::channel();
    let (telling, mut kept) = unbounded_channel();
    for number in [1, 2] {
        let changes = vec![put(1, 1)];
        batches.send(Batch { number, changes }).unwrap();
    }
    drop(batches);
    let mut tries = 0;
    let write = |_: &[Change]| {
        tries += 1;
        assert_ne!(tries, 1, "the file is damaged");
        true
    };
    keep(write, &coming, &telling, &ear);
    assert_eq!((kept.try_recv(), kept.try_recv()), (Ok(1), Ok(2)));
    assert_eq!((told.load(Ordering::SeqCst), tries), (1, 3));
}
