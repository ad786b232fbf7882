//! The call log: calls are read back in order, filtered, and migrated from the earlier table with a row per call.

use domain::{
    audit::{
        event::ActorType,
        query::{AuditPosition, OutcomeFilter, PageDirection},
    },
    platform::{id::Id, timestamp::Timestamp},
};
use sqlx::{
    ConnectOptions, Connection, PgConnection, migrate::Migrator, sqlite::SqliteConnectOptions,
};
use store::{Call, CallFilter, CallWalk, LogKind, NewCall, NewSource, Retention, Store};

use crate::support::{MINUTE, ORGANIZATION, call, source, times, walk, walk_on};

testbed::on_both! {
    async fn a_call_is_read_as_it_was_stored_and_its_block_is_queued(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        let mut housekeeping = store.housekeep().await.unwrap();
        housekeeping.insert_call_block(Id::from_bits(1), false, [call(5, u64::MAX)].into_iter()).await.unwrap();
        housekeeping.insert_call_block(Id::from_bits(2), true, [call(6, 2)].into_iter()).await.unwrap();
        housekeeping.finish().await.unwrap();
        let mut read = store.read().await.unwrap();
        assert_eq!(read.list_uncovered_blocks(10).await.unwrap(), [1, 2]);
        assert_eq!(read.backlog().await.unwrap().uncounted_blocks, 2);
        drop(read);
        let calls = walk(&store, 0, 100).await;
        let [stored] = &calls[..] else { panic!("{calls:?}") };
        let given = call(5, u64::MAX);
        assert_eq!((stored.at, stored.request_id, stored.status), (given.at, given.request_id, given.status));
        assert_eq!((stored.duration_us, stored.bytes), (given.duration_us, given.bytes));
        assert_eq!((&*stored.method, &*stored.route, Some(&*stored.path)), (given.method, given.route, given.path));
        let (here, there) = (source(), &stored.source);
        assert_eq!((here.organization_id, here.actor_id), (there.organization_id, there.actor_id));
        assert_eq!((here.actor_name, here.address, here.client), (&*there.actor_name, &*there.address, &*there.client));
        assert_eq!((there.actor_type, here.actor_email), (ActorType::User, &*there.actor_email));
        assert_eq!(here.credential, there.credential.as_ref());
    }

    async fn calls_of_overlapping_blocks_are_read_in_order(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        let mut housekeeping = store.housekeep().await.unwrap();
        let mut expected = Vec::new();
        // Thirty blocks, each a minute long and starting a second after the one before; calls and ids are not in order.
        for block in 0..30_u64 {
            let first = i64::try_from(block).unwrap() * 1_000_000;
            let mine: Vec<i64> = (0..10).map(|step| first + step * (MINUTE / 10)).collect();
            let calls: Vec<_> = mine.iter().rev().zip(1..).map(|(at, n)| call(*at, block * 100 + n)).collect();
            housekeeping.insert_call_block(Id::from_bits(1_000 - block), false, calls.into_iter()).await.unwrap();
            expected.extend(mine);
        }
        housekeeping.finish().await.unwrap();
        expected.sort_unstable();
        assert_eq!(times(&walk(&store, 0, 10 * MINUTE).await), expected);
        let part: Vec<i64> = expected.into_iter().filter(|at| (40_000_000..70_000_000).contains(at)).collect();
        assert_eq!(times(&walk(&store, 40_000_000, 70_000_000).await), part);
    }

    async fn calls_of_small_and_full_blocks_are_read_in_order(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        let mut housekeeping = store.housekeep().await.unwrap();
        let mut at = 0_i64;
        for block in 1..=200_u64 {
            let count = if block % 50 == 0 { 1_024 } else { 1 };
            let calls: Vec<_> = (at..at + count).zip(at.unsigned_abs() + 1..).map(|(at, n)| call(at, n)).collect();
            housekeeping.insert_call_block(Id::from_bits(block), false, calls.into_iter()).await.unwrap();
            at += count;
        }
        housekeeping.finish().await.unwrap();
        let all = CallFilter::between(ORGANIZATION, Timestamp::from_micros(0), Timestamp::from_micros(at));
        let mut expected: Vec<i64> = (0..at).collect();
        let from_start = PageDirection::Newer(AuditPosition::before(all.from));
        assert_eq!(times(&walk_on(&store, all.clone(), from_start).await), expected);
        expected.reverse();
        assert_eq!(times(&walk_on(&store, all, PageDirection::NEWEST).await), expected);
    }

    async fn calls_are_read_in_both_directions_from_any_position(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        let mut housekeeping = store.housekeep().await.unwrap();
        let mut positions = Vec::new();
        for block in 0..30_u64 {
            let first = i64::try_from(block).unwrap() * 1_000_000;
            let mine: Vec<i64> = (0..10).map(|step| first + step * (MINUTE / 10)).collect();
            let calls: Vec<_> = mine.iter().zip(1..).map(|(at, n)| call(*at, block * 100 + n)).collect();
            positions.extend(calls.iter().map(|call| (call.at, call.request_id.0.bits())));
            housekeeping.insert_call_block(Id::from_bits(1_000 - block), block % 2 == 0, calls.iter().copied()).await.unwrap();
        }
        housekeeping.finish().await.unwrap();
        positions.sort_unstable();
        let all = CallFilter::between(ORGANIZATION, Timestamp::from_micros(0), Timestamp::from_micros(10 * MINUTE));
        let keys = |calls: Vec<Call>| calls.iter().map(|call| (call.at, call.request_id.0.bits())).collect::<Vec<_>>();
        let start = PageDirection::Newer(AuditPosition::before(all.from));
        assert_eq!(keys(walk_on(&store, all.clone(), start).await), positions);
        let newest: Vec<_> = positions.iter().rev().copied().collect();
        assert_eq!(keys(walk_on(&store, all.clone(), PageDirection::NEWEST).await), newest);
        for nth in [1, 77, 150, 299] {
            let (at, number) = newest[nth];
            let position = AuditPosition { at, number };
            assert_eq!(keys(walk_on(&store, all.clone(), PageDirection::Older(position)).await), newest[nth + 1..]);
            let newer: Vec<_> = newest[..nth].iter().rev().copied().collect();
            assert_eq!(keys(walk_on(&store, all.clone(), PageDirection::Newer(position)).await), newer);
        }
        let part = CallFilter { from: Timestamp::from_micros(40_000_000), to: Timestamp::from_micros(70_000_000), ..all.clone() };
        let within: Vec<_> = newest.iter().copied().filter(|(at, _)| (40_000_000..70_000_000).contains(&at.as_micros())).collect();
        assert_eq!(keys(walk_on(&store, part, PageDirection::NEWEST).await), within);
        for writes in [true, false] {
            let of_kind = CallFilter { writes: Some(writes), ..all.clone() };
            let expected: Vec<_> = newest.iter().copied().filter(|(_, number)| (number / 100 % 2 == 0) == writes).collect();
            assert_eq!(keys(walk_on(&store, of_kind, PageDirection::NEWEST).await), expected);
        }
    }

    async fn only_matching_calls_are_read(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        let mut housekeeping = store.housekeep().await.unwrap();
        let stranger = NewSource { organization_id: None, actor_id: None, actor_name: "", actor_email: "", credential: None, address: "192.0.2.9", fingerprint: "00ff00ff00ff", ..source() };
        for block in 0..200_i64 {
            let mut calls = vec![call(block * MINUTE, 1), NewCall { status: 500, ..call(block * MINUTE + 1, 2) }];
            if block % 50 == 7 {
                calls.push(NewCall { source: stranger, status: 401, ..call(block * MINUTE + 2, 3) });
            }
            housekeeping.insert_call_block(Id::from_bits(block.unsigned_abs() + 1), false, calls.iter().copied()).await.unwrap();
        }
        housekeeping.finish().await.unwrap();
        let all = CallFilter { with_unknown_callers: true, ..CallFilter::between(ORGANIZATION, Timestamp::from_micros(0), Timestamp::from_micros(i64::MAX)) };
        let strangers = CallFilter { address: Some("192.0.2.9".to_owned()), ..all.clone() };
        let found = walk_on(&store, strangers.clone(), PageDirection::NEWEST).await;
        assert_eq!(times(&found), [157, 107, 57, 7].map(|block| block * MINUTE + 2));
        assert!(found.iter().all(|call| call.source.fingerprint == "00ff00ff00ff" && call.source.organization_id.is_none()));
        let ours = CallFilter { with_unknown_callers: false, ..strangers.clone() };
        assert_eq!(walk_on(&store, ours, PageDirection::NEWEST).await, []);
        let ada = CallFilter { actor_id: Some(Id::from_bits(1)), outcome: Some(OutcomeFilter::Failed), ..all.clone() };
        assert_eq!(walk_on(&store, ada, PageDirection::NEWEST).await.len(), 400);
        let denied = CallFilter { outcome: Some(OutcomeFilter::Denied), ..all };
        assert_eq!(times(&walk_on(&store, denied, PageDirection::NEWEST).await), times(&found));

        let mut walk = CallWalk::new(strangers, PageDirection::NEWEST);
        let mut read = store.read().await.unwrap();
        let first = read.next_calls_within(&mut walk, 40).await.unwrap();
        assert_eq!(times(&first), [157 * MINUTE + 2]);
        assert_eq!(read.next_calls_within(&mut walk, 40).await.unwrap(), []);
        assert!(!walk.is_at_end() && walk.position().at < first[0].at);
        let rest = walk_on(&store, CallFilter { address: Some("192.0.2.9".to_owned()), with_unknown_callers: true, ..CallFilter::between(ORGANIZATION, Timestamp::from_micros(0), Timestamp::from_micros(i64::MAX)) }, PageDirection::Older(walk.position())).await;
        assert_eq!(times(&rest), [107, 57, 7].map(|block| block * MINUTE + 2));
    }
}

/// The migrations before the one that stores calls in blocks.
fn earlier(mut migrator: Migrator) -> Migrator {
    let earlier: Vec<_> = migrator
        .iter()
        .filter(|step| step.version < 4)
        .cloned()
        .collect();
    migrator.migrations = earlier.into();
    migrator
}

const OLD_SOURCE: &str = "INSERT INTO call_source (id, organization_id, actor_name, address, client) \
    VALUES (9, 'AAAAAAAAAAc', '', '', '')";
const OLD_CALL: &str = "INSERT INTO call (at, source_id, request_id, method, route, path, status, duration_us, bytes) \
    VALUES ($1, 9, $2, $3, '/v2/team/{id}', $4, 200, 10, 20)";

/// The times and methods of calls that were stored before there were blocks: three within one minute, one later.
const OLD_CALLS: [(i64, &str); 4] = [
    (MINUTE + 5, "GET"),
    (MINUTE + 2, "GET"),
    (3 * MINUTE, "GET"),
    (MINUTE + 3, "POST"),
];

testbed::on_both! {
    async fn calls_that_were_stored_one_per_row_are_read_after_the_migration(database: Database) {
        if let Some(file) = database.url.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
            let mut conn = options.connect().await.unwrap();
            earlier(sqlx::migrate!("migrations/sqlite")).run(&mut conn).await.unwrap();
            sqlx::query(OLD_SOURCE).execute(&mut conn).await.unwrap();
            for (number, (at, method)) in (1_i64..).zip(OLD_CALLS) {
                let query = sqlx::query(OLD_CALL).bind(at).bind(number).bind(method).bind("/v2/team/x");
                query.execute(&mut conn).await.unwrap();
            }
            conn.close().await.unwrap();
        } else {
            let mut conn = PgConnection::connect(&database.url).await.unwrap();
            earlier(sqlx::migrate!("migrations/postgres")).run(&mut conn).await.unwrap();
            sqlx::query(OLD_SOURCE).execute(&mut conn).await.unwrap();
            for (number, (at, method)) in (1_i64..).zip(OLD_CALLS) {
                let query = sqlx::query(OLD_CALL).bind(at).bind(number).bind(method).bind("/v2/team/x");
                query.execute(&mut conn).await.unwrap();
            }
            conn.close().await.unwrap();
        }
        let store = Store::open(&database.url).await.unwrap();
        let calls = walk(&store, 0, 10 * MINUTE).await;
        assert_eq!(times(&calls), [MINUTE + 2, MINUTE + 5, 3 * MINUTE]);
        let requests: Vec<u64> = calls.iter().map(|call| call.request_id.0.bits()).collect();
        assert_eq!(requests, [2, 1, 3]);
        assert_eq!((&*calls[0].route, &*calls[0].path, calls[0].bytes), ("/v2/team/{id}", "/v2/team/x", 20));
    }
}

mod fault {
    use super::*;

    testbed::on_both! {
        async fn a_block_that_is_stored_again_changes_nothing(database: Database) {
            let store = Store::open(&database.url).await.unwrap();
            for _ in 0..2 {
                let mut housekeeping = store.housekeep().await.unwrap();
                housekeeping.insert_call_block(Id::from_bits(1), false, [call(5, 1), call(6, 2)].into_iter()).await.unwrap();
                housekeeping.finish().await.unwrap();
                let read = store.read().await.unwrap().list_uncovered_blocks(10).await.unwrap();
                assert_eq!(read, [1]);
            }
            assert_eq!(times(&walk(&store, 0, 100).await), [5, 6]);
            // A checkpoint covers the block and its calls are counted before it is stored again.
            database.tamper("DELETE FROM unsealed_block").await;
            database.tamper("DELETE FROM uncounted_block").await;
            let mut housekeeping = store.housekeep().await.unwrap();
            housekeeping.insert_call_block(Id::from_bits(1), false, [call(5, 1), call(6, 2)].into_iter()).await.unwrap();
            housekeeping.finish().await.unwrap();
            let backlog = store.read().await.unwrap().backlog().await.unwrap();
            assert_eq!((backlog.uncovered_blocks, backlog.uncounted_blocks), (0, 0));
            assert_eq!(times(&walk(&store, 0, 100).await), [5, 6]);
        }

        async fn the_retention_mark_does_not_move_back(database: Database) {
            let store = Store::open(&database.url).await.unwrap();
            for (checkpoint, expected) in [(5, 5), (3, 5), (6, 6)] {
                let kind = LogKind::Call;
                let at = Timestamp::from_micros(checkpoint);
                let retention = Retention { kind, checkpoint, at, signature: vec![1], log_signature: None };
                let mut housekeeping = store.housekeep().await.unwrap();
                housekeeping.put_retention(&retention).await.unwrap();
                housekeeping.finish().await.unwrap();
                let found = store.read().await.unwrap().find_retention(kind).await.unwrap().unwrap();
                assert_eq!((found.checkpoint, found.at.as_micros()), (expected, expected));
            }
        }
    }
}
