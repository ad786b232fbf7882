//! Merging blocks: each call is covered, counted and read once.

use domain::{
    audit::query::{AuditPosition, PageDirection},
    platform::{
        id::{Id, RequestId},
        timestamp::Timestamp,
    },
};
use store::{BlockMerge, CallFilter, CallWalk, Checkpoint, Store};

use crate::support::{ORGANIZATION, call, times};

/// A call in a block of its own.
fn call_of(id: u64) -> (Timestamp, RequestId) {
    let at = i64::try_from(id).unwrap() * 100_000;
    (Timestamp::from_micros(at), RequestId(Id::from_bits(id)))
}

/// Stores blocks with these ids, each with its call.
async fn store_blocks(store: &Store, ids: impl Iterator<Item = u64>) {
    let mut housekeeping = store.housekeep().await.unwrap();
    for id in ids {
        let call = call(call_of(id).0.as_micros(), id);
        housekeeping
            .insert_call_block(Id::from_bits(id), false, [call].into_iter())
            .await
            .unwrap();
    }
    housekeeping.finish().await.unwrap();
}

async fn prepared(store: &Store) -> Vec<BlockMerge> {
    let mut read = store.read().await.unwrap();
    let uncovered = read.list_uncovered_blocks(1_000).await.unwrap();
    read.prepare_block_merges(&uncovered).await.unwrap()
}

/// Merges, and returns whether that was possible.
async fn merged(store: &Store, id: u64, merge: &BlockMerge) -> bool {
    let mut housekeeping = store.housekeep().await.unwrap();
    let is_merged = housekeeping
        .merge_call_blocks(Id::from_bits(id), merge.clone())
        .await
        .unwrap();
    if is_merged {
        housekeeping.finish().await.unwrap();
    }
    is_merged
}

/// Adds a checkpoint over these blocks, and returns whether that was possible.
async fn covered(store: &Store, number: i64, blocks: Vec<i64>) -> bool {
    let mut housekeeping = store.housekeep().await.unwrap();
    let checkpoint = Checkpoint {
        number,
        at: Timestamp::from_micros(1),
        last_event: 0,
        blocks,
        leaves: Vec::new(),
        root: Vec::new(),
        previous: Vec::new(),
        mac_from: None,
        signature: Vec::new(),
    };
    let is_covered = housekeeping.insert_checkpoint(&checkpoint).await.unwrap();
    if is_covered {
        housekeeping.finish().await.unwrap();
    }
    is_covered
}

testbed::on_both! {
    async fn a_checkpoint_covers_no_block_that_was_merged_and_a_merge_takes_no_block_that_is_covered(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        store_blocks(&store, 1..=4).await;
        let before = store.read().await.unwrap().list_uncovered_blocks(10).await.unwrap();
        let merges = prepared(&store).await;
        let [merge] = &merges[..] else { panic!("{merges:?}") };
        assert!(merged(&store, 10, merge).await);
        assert!(!merged(&store, 11, merge).await, "a block is merged once");
        assert!(!covered(&store, 1, before).await);
        assert_eq!(store.read().await.unwrap().list_uncovered_blocks(10).await.unwrap(), [10]);
        store_blocks(&store, 21..=22).await;
        let merges = prepared(&store).await;
        assert!(covered(&store, 1, vec![10, 21, 22]).await);
        assert!(!merged(&store, 30, &merges[0]).await);
    }

    async fn a_merge_takes_no_block_that_was_counted_meanwhile(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        store_blocks(&store, 1..=4).await;
        let merges = prepared(&store).await;
        let counts = store.read().await.unwrap().count_uncounted_blocks(2, 10).await.unwrap();
        let mut housekeeping = store.housekeep().await.unwrap();
        assert!(housekeeping.add_call_counts(&counts).await.unwrap());
        housekeeping.finish().await.unwrap();
        assert!(!merged(&store, 10, &merges[0]).await);
        // Counted and uncounted blocks are merged apart.
        let counts = store.read().await.unwrap().count_uncounted_blocks(i64::MAX, 10).await.unwrap();
        for (merge, id) in prepared(&store).await.iter().zip(20..) {
            assert!(merged(&store, id, merge).await);
        }
        let mut housekeeping = store.housekeep().await.unwrap();
        assert!(!housekeeping.add_call_counts(&counts).await.unwrap(), "the blocks were merged");
        drop(housekeeping);
        let backlog = store.read().await.unwrap().backlog().await.unwrap();
        assert_eq!((backlog.uncovered_blocks, backlog.uncounted_blocks), (2, 1));
    }

    async fn a_walk_reads_each_call_once_while_blocks_are_merged(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        for older in [false, true] {
            let first = if older { 101 } else { 1 };
            let ids = first..first + 80;
            store_blocks(&store, ids.clone()).await;
            let (from, to) = (call_of(first).0, call_of(first + 80).0);
            let direction = match older {
                true => PageDirection::Older(AuditPosition::after(to)),
                false => PageDirection::Newer(AuditPosition::before(from)),
            };
            let mut walk = CallWalk::new(CallFilter::between(ORGANIZATION, from, to), direction);
            let mut read = store.read().await.unwrap();
            let mut walked = read.next_calls(&mut walk).await.unwrap();
            assert!(!walked.is_empty() && walked.len() < 80, "the walk has begun: {}", walked.len());
            for (merge, id) in prepared(&store).await.iter().zip(1_000 + first..) {
                assert!(merged(&store, id, merge).await);
            }
            loop {
                let next = read.next_calls(&mut walk).await.unwrap();
                if next.is_empty() {
                    break;
                }
                walked.extend(next);
            }
            let mut expected: Vec<i64> = ids.map(|id| call_of(id).0.as_micros()).collect();
            if older {
                expected.reverse();
            }
            assert_eq!(times(&walked), expected);
            let mut housekeeping = store.housekeep().await.unwrap();
            let (at, request) = call_of(first + 6);
            assert!(housekeeping.has_call(at, request).await.unwrap());
            assert!(!housekeeping.has_call(at, call_of(first + 700).1).await.unwrap());
        }
    }

    async fn a_walk_from_a_position_returns_no_call_before_it_after_a_merge(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        for older in [false, true] {
            let first = if older { 101 } else { 1 };
            store_blocks(&store, first..first + 80).await;
            let (from, to) = (call_of(first).0, call_of(first + 80).0);
            let (at, request) = call_of(first + 40);
            let position = AuditPosition { at, number: request.0.bits() };
            let direction = if older { PageDirection::Older(position) } else { PageDirection::Newer(position) };
            let mut walk = CallWalk::new(CallFilter::between(ORGANIZATION, from, to), direction);
            let mut read = store.read().await.unwrap();
            // The walk is still on its way to the position.
            assert_eq!(read.next_calls_within(&mut walk, 1).await.unwrap().len(), 0);
            let mut walked = Vec::new();
            for (merge, id) in prepared(&store).await.iter().zip(1_000 + first..) {
                assert!(merged(&store, id, merge).await);
            }
            loop {
                let next = read.next_calls(&mut walk).await.unwrap();
                if next.is_empty() {
                    break;
                }
                walked.extend(next);
            }
            let ahead = if older { first..first + 40 } else { first + 41..first + 80 };
            let mut expected: Vec<i64> = ahead.map(|id| call_of(id).0.as_micros()).collect();
            if older {
                expected.reverse();
            }
            assert_eq!(times(&walked), expected, "older: {older}");
        }
    }
}
