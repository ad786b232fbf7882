//! Operations that wait for one another are committed together: each completely or not at all.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

mod support;

use domain::{
    audit::event::{AuditEvent, ObjectType},
    objects::{
        object::{Object, Relation, Stamp},
        permissions::Protection,
    },
    platform::{document::Document, id::Id, page::OffsetPage, timestamp::Timestamp},
};
use futures::future::join_all;
use serde_json::json;
use store::{ObjectFilter, ReadAccess, Reader, Store, StoreError};
use testbed::{
    on_both,
    tokio::{self, task::yield_now},
};

use support::{ORGANIZATION, begin, by_system, created};

fn detector(number: u64) -> Object {
    let stamp = Stamp {
        at: Timestamp::from_micros(1),
        by: by_system(),
    };
    Object {
        id: Id::from_bits(number),
        organization_id: ORGANIZATION,
        kind: ObjectType::Detector,
        name: number.to_string(),
        parent_id: None,
        document: Document::new(),
        protection: Protection::Open,
        created: stamp.clone(),
        updated: stamp,
    }
}

fn event(number: u64) -> AuditEvent {
    created(ObjectType::Detector, number, &number.to_string())
}

/// Creates a detector. Of three operations one runs no query, one queries afterwards, and one queries before.
async fn create(store: &Store, number: u64) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    let (detector, access) = (detector(number), ReadAccess::default());
    if number.is_multiple_of(3) {
        assert_eq!(write.find_object(detector.id).await?, None);
    }
    write.insert_object(&detector, &access).await?;
    if number % 3 == 1 {
        assert_eq!(write.find_object(detector.id).await?, Some(detector));
    }
    write.commit(event(number)).await
}

/// Creates a detector and fails: at once, after a query, or because the detector exists or its parent does not.
async fn fail(store: &Store, number: u64) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    let (mut detector, access) = (detector(number), ReadAccess::default());
    write.insert_object(&detector, &access).await?;
    if number.is_multiple_of(3) {
        write.insert_object(&detector, &access).await?;
        let twice = write.find_object(detector.id).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
        return Err(StoreError::Address("created twice".to_owned()));
    }
    if number.is_multiple_of(2) {
        write.find_object(detector.id).await?;
    }
    if number.is_multiple_of(5) {
        detector.id = Id::from_bits(number + 1_000);
        detector.parent_id = Some(Id::from_bits(number + 2_000));
        let orphan = write.insert_object(&detector, &access).await;
        assert!(matches!(orphan, Err(StoreError::Conflict(_))), "{orphan:?}");
    }
    Err(StoreError::Address("abandoned".to_owned()))
}

/// The numbers of the stored detectors in order, and the number of events.
async fn stored(store: &Store) -> (Vec<u64>, i64) {
    let mut read = store.read().await.unwrap();
    let filter = ObjectFilter::all(ORGANIZATION, ObjectType::Detector, Reader::Everything);
    let page = OffsetPage {
        limit: 10_000,
        offset: 0,
    };
    let found = read.page_objects(&filter, page).await.unwrap();
    let mut numbers: Vec<u64> = found
        .results
        .iter()
        .map(|object| object.id.bits())
        .collect();
    numbers.sort_unstable();
    (numbers, read.newest_event_number().await.unwrap())
}

on_both! {
    async fn an_operation_that_fails_undoes_its_own_changes_only(database: Database) {
        let (store, first) = begin(&database).await;
        let fails = |number: &u64| number % 5 < 2;
        let operations = join_all((100..200).map(|number| {
            let store = &store;
            async move { if fails(&number) { fail(store, number).await } else { create(store, number).await } }
        }));
        // Polled in one task, so that all others wait before the first one ends.
        let (ended, done) = tokio::join!(async { yield_now().await; first.commit(event(0)).await }, operations);
        ended.unwrap();
        for (number, done) in (100..).zip(&done) {
            assert_eq!(done.is_err(), fails(&number), "{number}: {done:?}");
        }
        let created: Vec<u64> = (100..200).filter(|number| !fails(number)).collect();
        let events = i64::try_from(created.len()).unwrap() + 1;
        assert_eq!(stored(&store).await, (created, events));
    }

    async fn an_operation_sees_what_operations_before_it_in_the_transaction_changed(database: Database) {
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        let restricted = ReadAccess { access_id: Some(Id::from_bits(100)), readers: Some(Vec::new()) };
        let mut tagged = detector(100);
        tagged.document = json!({"tags": ["a", "b"], "teams": [Id::from_bits(7).to_string()]}).as_object().unwrap().clone();
        let creating = async {
            let mut write = store.write().await.unwrap();
            write.insert_object(&tagged, &restricted).await.unwrap();
            write.commit(event(100)).await.unwrap();
        };
        let changing = async {
            let mut write = store.write().await.unwrap();
            let before = write.find_object(tagged.id).await.unwrap().unwrap();
            assert_eq!(before, tagged);
            let linked = write.list_referring(Relation::Team, Id::from_bits(7), ObjectType::Detector).await.unwrap();
            assert_eq!(linked, [before]);
            write.delete_object(tagged.id).await.unwrap();
            write.commit(event(100)).await.unwrap();
        };
        // The first operation yields until both others wait, so that all three are one transaction.
        let first = async {
            let write = store.write().await.unwrap();
            yield_now().await;
            write.commit(event(0)).await.unwrap();
        };
        tokio::join!(first, creating, changing);
        assert_eq!(stored(&store).await, (Vec::new(), 4));
    }

    async fn a_first_operation_that_is_abandoned_leaves_nothing(database: Database) {
        let (store, first) = begin(&database).await;
        drop(first);
        assert!(store.read().await.unwrap().find_organization().await.unwrap().is_none());
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        create(&store, 100).await.unwrap();
        assert_eq!(stored(&store).await, (vec![100], 2));
    }

    async fn a_caller_cancelled_while_pending_rows_are_written_loses_none_of_them(database: Database) {
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        for number in 0..60 {
            let first = store.write().await.unwrap();
            let creating = async {
                let mut write = store.write().await.unwrap();
                write.insert_object(&detector(1_000 + number), &ReadAccess::default()).await.unwrap();
                write.commit(event(number)).await
            };
            let asking = async {
                let mut write = store.write().await.unwrap();
                // Cancelled after a number of yields, somewhere before the result.
                let cancelled = async { for _ in 0..number * 4 { yield_now().await; } };
                tokio::select! { biased; _ = write.find_object(Id::from_bits(1)) => {}, () = cancelled => {} }
            };
            let (begun, created, ()) = tokio::join!(async { yield_now().await; first.commit(event(number)).await }, creating, asking);
            begun.unwrap();
            created.unwrap();
        }
        let (created, events) = stored(&store).await;
        assert_eq!((created, events), ((1_000..1_060).collect(), 121));
    }

    async fn a_cancelled_caller_leaves_a_complete_operation_or_none(database: Database) {
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        for number in 100..200 {
            let creating = tokio::spawn({ let store = store.clone(); async move { create(&store, number).await } });
            let staying = tokio::spawn({ let store = store.clone(); async move { create(&store, 1_000 + number).await } });
            for _ in 0..number % 25 {
                yield_now().await;
            }
            creating.abort();
            staying.await.unwrap().unwrap();
        }
        create(&store, 9_999).await.unwrap();
        let (created, events) = stored(&store).await;
        assert_eq!(i64::try_from(created.len()).unwrap() + 1, events);
        assert!((1_100..1_200).all(|number| created.contains(&number)));
    }
}
