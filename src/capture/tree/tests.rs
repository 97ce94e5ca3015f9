use super::*;

const MANY: u32 = 100_000;

/// So many topics of one level below `a`, in the order of `number`.
fn wide(number: impl Fn(u32) -> u32) -> Tree {
    let mut tree = Tree::new();
    for topic in 0..MANY {
        tree.insert(&format!("a/{:06}", number(topic)), topic);
    }
    tree
}

fn orders() -> [fn(u32) -> u32; 4] {
    [
        |at| at,
        |at| MANY - 1 - at,
        // From both ends to the middle, and all over.
        |at| {
            if at % 2 == 0 {
                at / 2
            } else {
                MANY - 1 - at / 2
            }
        },
        |at| (at * 7_919) % MANY,
    ]
}

/// What one more topic moves is bounded by a chunk and the number of chunks, in whatever order they come.
#[test]
fn a_topic_among_a_hundred_thousand_moves_few_others() {
    for number in orders() {
        let tree = wide(number);
        let above = &tree.nodes[1];
        assert_eq!(&*above.name, "a");
        let chunks = above
            .chunks
            .iter()
            .map(|chunk| tree.siblings.get(*chunk).unwrap());
        let longest = chunks.map(|chunk| chunk.nodes.len()).max();
        assert!(longest <= Some(256), "{longest:?}");
        assert!(
            above.chunks.len() <= MANY as usize / 100,
            "{}",
            above.chunks.len()
        );
    }
}

#[test]
fn rows_are_found_among_a_hundred_thousand_without_walking_them() {
    for number in orders() {
        let mut tree = wide(number);
        for search in ["", "a/"] {
            tree.set_search(search);
            while tree.work(1000, |_| "a/x") {}
            assert_eq!(tree.total(), MANY + 1);
            for skip in [0, 1, 255, 256, 257, 50_000, MANY - 50] {
                let (rows, steps) = tree.walk(skip, 40);
                let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
                let wanted = (skip..skip + 40).map(|row| match row {
                    0 => "a".to_owned(),
                    row => format!("{:06}", row - 1),
                });
                assert_eq!(names, wanted.collect::<Vec<_>>(), "{search:?}");
                assert!(steps < 1_500, "{steps}");
            }
        }
    }
}

/// What a fold and a search take away and give back is right in every chunk.
#[test]
fn runs_count_what_is_below_their_nodes() {
    let mut tree = Tree::new();
    for topic in 0..2_000u32 {
        tree.insert(&format!("a/{:03}/{topic}", topic * 7 % 500), topic);
    }
    let all = tree.total();
    let node = |tree: &Tree, name: &str| {
        let at = tree
            .nodes
            .iter()
            .position(|node| &*node.name == name)
            .unwrap();
        tree.number(at as u32)
    };
    for name in ["000", "499", "250"] {
        let number = node(&tree, name);
        tree.fold(number, true);
    }
    let (a, open) = (node(&tree, "a"), tree.total());
    assert!(tree.fold(a, false) && tree.total() == 1);
    assert!(tree.fold(a, true) && tree.total() == open);
    let rows = tree.rows(0, usize::MAX);
    assert_eq!(rows.len() as u32, open);
    for skip in 0..open {
        assert_eq!(tree.rows(skip, 1), rows[skip as usize..][..1]);
    }
    for name in ["000", "499", "250"] {
        let number = node(&tree, name);
        tree.fold(number, false);
    }
    assert!(tree.total() <= all);
    assert_eq!(tree.rows(0, usize::MAX).len() as u32, tree.total());
}
