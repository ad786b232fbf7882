//! Counting calls: every call exactly once, with several nodes, crashes and invalid blocks.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

use std::sync::LazyLock;

use domain::{
    identity::credential::{Credential, TokenKind},
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
    usage::query::{Grouping, Range, Step},
};
use store::{CallerFilter, NewCall, NewSource, Store, UsageFilter, UsagePart};

const ORGANIZATION: OrganizationId = OrganizationId(Id::from_bits(7));
const HOUR: i64 = 3_600_000_000;

static CREDENTIAL: LazyLock<Credential> = LazyLock::new(|| Credential {
    id: Id::from_bits(u64::MAX - 1),
    kind: TokenKind::Ui,
    name: String::new(),
    last4: String::new(),
});

fn call(at: i64, known: bool) -> NewCall<'static> {
    NewCall {
        at: Timestamp::from_micros(at),
        source: NewSource {
            organization_id: known.then_some(ORGANIZATION),
            actor_id: known.then_some(Id::from_bits(1)),
            actor_name: if known { "Ada" } else { "" },
            actor_email: if known { "ada@example.com" } else { "" },
            credential: known.then_some(&*CREDENTIAL),
            address: "203.0.113.7",
            client: "",
            fingerprint: "",
        },
        request_id: RequestId(Id::from_bits(1)),
        method: "GET",
        route: "/v2/team",
        path: None,
        status: if known { 200 } else { 401 },
        duration_us: 10,
        bytes: 5,
    }
}

/// Stores these calls as one block.
async fn store_block(store: &Store, id: u64, calls: &[NewCall<'_>]) {
    let mut housekeeping = store.housekeep().await.unwrap();
    housekeeping
        .insert_call_block(Id::from_bits(id), false, calls.iter().copied())
        .await
        .unwrap();
    housekeeping.finish().await.unwrap();
}

/// Counts all blocks in the queue, as a node does. Returns how many could not be decoded.
async fn count(store: &Store) -> usize {
    let mut unreadable = 0;
    loop {
        let counts = store
            .read()
            .await
            .unwrap()
            .count_uncounted_blocks(i64::MAX, 2)
            .await
            .unwrap();
        if counts.is_empty() {
            return unreadable;
        }
        let mut housekeeping = store.housekeep().await.unwrap();
        if housekeeping.add_call_counts(&counts).await.unwrap() {
            housekeeping.finish().await.unwrap();
            unreadable += counts.unreadable();
        }
    }
}

async fn by_actor(store: &Store, step: Step) -> Vec<UsagePart> {
    let range = Range::new(
        Timestamp::from_micros(0),
        Timestamp::from_micros(2 * HOUR),
        step,
        Timestamp::from_micros(2 * HOUR),
    )
    .unwrap();
    let filter = UsageFilter {
        range,
        grouping: Grouping::Actor,
        callers: CallerFilter::Any,
        token_id: None,
        route: None,
        status_class: None,
        limit: 10,
    };
    store
        .read()
        .await
        .unwrap()
        .list_usage(ORGANIZATION, &filter)
        .await
        .unwrap()
}

fn calls(parts: &[UsagePart]) -> i64 {
    parts.iter().map(|part| part.count.calls).sum()
}

testbed::on_both! {
    async fn blocks_stored_after_counting_began_are_counted_next_time(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        let mut read = store.read().await.unwrap();
        assert_eq!(read.find_newest_uncounted_block().await.unwrap(), None);
        drop(read);
        for id in 1..=2 {
            store_block(&store, id, &[call(1, true)]).await;
        }
        let newest = store.read().await.unwrap().find_newest_uncounted_block().await.unwrap().unwrap();
        store_block(&store, 3, &[call(2, true)]).await;
        let counts = store.read().await.unwrap().count_uncounted_blocks(newest, 10).await.unwrap();
        let mut housekeeping = store.housekeep().await.unwrap();
        assert!(housekeeping.add_call_counts(&counts).await.unwrap());
        housekeeping.finish().await.unwrap();
        assert_eq!(calls(&by_actor(&store, Step::Minute).await), 2);
        assert!(store.read().await.unwrap().count_uncounted_blocks(newest, 10).await.unwrap().is_empty());
        assert_eq!(count(&store).await, 0);
        assert_eq!(calls(&by_actor(&store, Step::Minute).await), 3);
    }

    async fn a_block_is_counted_by_only_one_node(database: Database) {
        let (here, there) = (Store::open(&database.url).await.unwrap(), Store::open(&database.url).await.unwrap());
        store_block(&here, 1, &[call(1, true), call(2, true), call(3, false)]).await;
        let both = (
            here.read().await.unwrap().count_uncounted_blocks(i64::MAX, 10).await.unwrap(),
            there.read().await.unwrap().count_uncounted_blocks(i64::MAX, 10).await.unwrap(),
        );
        let mut first = here.housekeep().await.unwrap();
        assert!(first.add_call_counts(&both.0).await.unwrap());
        first.finish().await.unwrap();
        let mut second = there.housekeep().await.unwrap();
        assert!(!second.add_call_counts(&both.1).await.unwrap());
        drop(second);
        // A node that crashes before the commit leaves nothing; the block is counted the next time.
        store_block(&there, 2, &[call(4, true)]).await;
        let counts = there.read().await.unwrap().count_uncounted_blocks(i64::MAX, 10).await.unwrap();
        let mut crashed = there.housekeep().await.unwrap();
        assert!(crashed.add_call_counts(&counts).await.unwrap());
        drop(crashed);
        assert_eq!(calls(&by_actor(&here, Step::Minute).await), 3);
        assert_eq!(count(&here).await, 0);
        assert_eq!(calls(&by_actor(&here, Step::Minute).await), 4);
        assert_eq!(calls(&by_actor(&there, Step::Hour).await), 4);
    }

    async fn many_nodes_count_at_once(database: Database) {
        let stores = [Store::open(&database.url).await.unwrap(), Store::open(&database.url).await.unwrap(), Store::open(&database.url).await.unwrap()];
        for id in 1..=20 {
            store_block(&stores[0], id, &[call(1, true), call(60_000_000, true), call(HOUR, false)]).await;
        }
        let counts = stores.iter().map(count);
        let [one, two, three] = counts.collect::<Vec<_>>().try_into().ok().unwrap();
        testbed::tokio::join!(one, two, three);
        let parts = by_actor(&stores[1], Step::Hour).await;
        assert_eq!(calls(&parts), 60);
        let known = parts.iter().find(|part| part.group != Some(String::new())).unwrap();
        assert_eq!((known.count.calls, known.count.duration_us, known.count.bytes), (40, 400, 200));
        let unknown = parts.iter().find(|part| part.group == Some(String::new())).unwrap();
        assert_eq!((unknown.count.calls, unknown.count.rejected, unknown.at.as_micros()), (20, 20, HOUR));
    }

    async fn an_invalid_block_does_not_stop_the_others(database: Database) {
        let store = Store::open(&database.url).await.unwrap();
        for id in 1..=4 {
            store_block(&store, id, &[call(1, true)]).await;
        }
        database.tamper("UPDATE call_block SET calls = 'x' WHERE id = 2").await;
        database.tamper("DELETE FROM call_block WHERE id = 3").await;
        assert_eq!(count(&store).await, 1);
        assert_eq!(calls(&by_actor(&store, Step::Minute).await), 2);
    }
}
