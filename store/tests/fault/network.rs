//! Connections to PostgreSQL that fall silent, are cut or refused.

use std::time::{Duration, Instant};

use domain::audit::event::ObjectType;
use store::{Store, StoreError};
use testbed::{proxy::Proxy, tokio};

use crate::support::{begin, created};

/// Opens a database with an organization, directly and through a proxy.
async fn through_proxy() -> (testbed::Database, Store, Proxy) {
    let database = testbed::postgres().await;
    let (store, write) = begin(&database).await;
    write
        .commit(created(ObjectType::Organization, 1, "x"))
        .await
        .unwrap();
    store.close().await;
    let proxy = Proxy::start(&database.url).await;
    let store = Store::open(&proxy.url).await.unwrap();
    (database, store, proxy)
}

async fn change(store: &Store, number: u64) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    write.find_organization().await?;
    write
        .commit(created(ObjectType::Detector, number, "x"))
        .await
}

async fn count_events(database: &testbed::Database, number: u64) -> usize {
    let id = domain::platform::id::Id::from_bits(number);
    let query = format!("SELECT object_id FROM audit_event WHERE object_id = '{id}'");
    database.texts(&query).await.len()
}

#[test]
fn a_silent_connection_does_not_hold_the_place_of_writes() {
    testbed::run(async {
        let (database, store, proxy) = through_proxy().await;
        // An operation is in the middle of its transaction when its connection falls silent.
        let mut write = store.write().await.unwrap();
        write.find_organization().await.unwrap();
        proxy.silence();
        let began = Instant::now();
        let silent = write.find_organization().await;
        assert!(
            matches!(silent, Err(StoreError::Unavailable(_))),
            "{silent:?}"
        );
        drop(write);
        // The server still has the transaction, until it notices that its client has gone.
        let mut number = 10;
        while change(&store, number).await.is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(40),
                "writes do not recover"
            );
            number += 1;
        }
        assert_eq!(count_events(&database, number).await, 1);
    });
}

#[test]
fn idle_connections_that_fell_silent_are_replaced() {
    testbed::run(async {
        let (_database, store, proxy) = through_proxy().await;
        // Fills the pool with idle connections.
        let all: Vec<_> = (0..10).map(|_| store.read()).collect();
        drop(futures::future::try_join_all(all).await.unwrap());
        proxy.silence();
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let began = Instant::now();
        store
            .read()
            .await
            .unwrap()
            .find_organization()
            .await
            .unwrap();
        change(&store, 10).await.unwrap();
        assert!(
            began.elapsed() < Duration::from_secs(4),
            "{:?}",
            began.elapsed()
        );
    });
}

#[test]
fn a_commit_with_a_lost_answer_is_found() {
    testbed::run(async {
        let (database, store, proxy) = through_proxy().await;
        proxy.lose_answer_of_next_commit();
        change(&store, 10).await.unwrap();
        assert!(!proxy.has_commit_to_lose());
        assert_eq!(count_events(&database, 10).await, 1);
    });
}

#[test]
fn a_commit_that_did_not_arrive_is_reported_as_not_stored() {
    testbed::run(async {
        let (database, store, proxy) = through_proxy().await;
        let mut write = store.write().await.unwrap();
        write.find_organization().await.unwrap();
        proxy.refuse();
        proxy.accept();
        let lost = write.commit(created(ObjectType::Detector, 10, "x")).await;
        assert!(
            matches!(
                lost,
                Err(StoreError::Unavailable(_) | StoreError::NotCommitted)
            ),
            "{lost:?}"
        );
        assert_eq!(count_events(&database, 10).await, 0);
        change(&store, 10).await.unwrap();
        assert_eq!(count_events(&database, 10).await, 1);
    });
}

#[test]
fn a_commit_without_an_answer_during_an_outage_is_reported_as_unknown() {
    testbed::run(async {
        let (database, store, proxy) = through_proxy().await;
        proxy.refuse_after_next_commit();
        let unknown = change(&store, 10).await;
        assert!(
            matches!(unknown, Err(StoreError::OutcomeUnknown(_))),
            "{unknown:?}"
        );
        let began = Instant::now();
        while count_events(&database, 10).await != 1 {
            assert!(began.elapsed() < Duration::from_secs(10), "it is stored");
        }
    });
}

#[test]
fn an_outage_causes_about_one_attempt_a_second() {
    testbed::run(async {
        let (_database, store, proxy) = through_proxy().await;
        proxy.refuse();
        let before = proxy.opened();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(6) {
            let all: Vec<_> = (0..30).map(|_| store.read()).collect();
            let results = futures::future::join_all(all).await;
            let mut errors = 0;
            for read in results {
                let found = match read {
                    Ok(mut read) => read.find_organization().await.map(drop),
                    Err(error) => Err(error),
                };
                errors += usize::from(matches!(found, Err(StoreError::Unavailable(_))));
            }
            assert_eq!(errors, 30);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let attempts = proxy.opened() - before;
        assert!((3..=9).contains(&attempts), "{attempts} attempts in 6 s");
        proxy.accept();
        let began = Instant::now();
        while change(&store, 10).await.is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(4),
                "the store does not recover"
            );
            tokio::task::yield_now().await;
        }
    });
}
