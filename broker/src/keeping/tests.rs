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
