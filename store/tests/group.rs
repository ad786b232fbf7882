//! Acts that wait for one another are committed together, on both databases: each as a whole, or not at all.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what goes wrong shall stop it"
)]

mod support;

use domain::{
    audit::event::{Action, AuditEvent, ObjectRef, ObjectType, Outcome},
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

use support::{ORGANIZATION, begin, by_nobody};

fn detector(number: u64) -> Object {
    let stamp = Stamp {
        at: Timestamp::from_micros(1),
        by: by_nobody(),
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
    AuditEvent {
        at: Timestamp::from_micros(1),
        organization_id: ORGANIZATION,
        by: by_nobody(),
        action: Action::Create,
        object: ObjectRef {
            kind: ObjectType::Detector,
            id: Id::from_bits(number),
            name: number.to_string(),
        },
        outcome: Outcome::Done,
        changes: Vec::new(),
    }
}

/// Makes a detector. Of three acts one asks nothing, one asks afterwards, and one before, each of what others made.
async fn make(store: &Store, number: u64) -> Result<(), StoreError> {
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

/// Makes a detector, and gives it up: at once, after asking for it, or because it was made twice or belongs to what is
/// not there, which no database takes.
async fn fail(store: &Store, number: u64) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    let (mut detector, access) = (detector(number), ReadAccess::default());
    write.insert_object(&detector, &access).await?;
    if number.is_multiple_of(3) {
        write.insert_object(&detector, &access).await?;
        let twice = write.find_object(detector.id).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
        return Err(StoreError::Address("made twice".to_owned()));
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
    Err(StoreError::Address("given up".to_owned()))
}

/// The numbers of the detectors there are, in their order, and how many events.
async fn stored(store: &Store) -> (Vec<u64>, i64) {
    let mut read = store.read().await.unwrap();
    let filter = ObjectFilter::all(ORGANIZATION, ObjectType::Detector, Reader::Everything);
    let page = OffsetPage {
        limit: 10_000,
        offset: 0,
    };
    let found = read.page_objects(&filter, page).await.unwrap();
    let mut numbers: Vec<u64> = found.results.iter().map(|made| made.id.bits()).collect();
    numbers.sort_unstable();
    (numbers, read.newest_event_number().await.unwrap())
}

on_both! {
    async fn an_act_that_fails_takes_back_what_it_did_and_nothing_else(database: Database) {
        let (store, first) = begin(&database).await;
        let fails = |number: &u64| number % 5 < 2;
        let acts = join_all((100..200).map(|number| {
            let store = &store;
            async move { if fails(&number) { fail(store, number).await } else { make(store, number).await } }
        }));
        // Polled in one task: all others have asked for their turn before the first one ends.
        let (ended, done) = tokio::join!(async { yield_now().await; first.commit(event(0)).await }, acts);
        ended.unwrap();
        for (number, done) in (100..).zip(&done) {
            assert_eq!(done.is_err(), fails(&number), "{number}: {done:?}");
        }
        let made: Vec<u64> = (100..200).filter(|number| !fails(number)).collect();
        let events = i64::try_from(made.len()).unwrap() + 1;
        assert_eq!(stored(&store).await, (made, events));
    }

    async fn what_was_made_before_in_the_transaction_is_there_for_whoever_asks(database: Database) {
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        let restricted = ReadAccess { access_id: Some(Id::from_bits(100)), readers: Some(Vec::new()) };
        let mut tagged = detector(100);
        tagged.document = json!({"tags": ["a", "b"], "teams": [Id::from_bits(7).to_string()]}).as_object().unwrap().clone();
        let making = async {
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
        // A first one that waits for both to have asked for their turn: all three are one transaction.
        let first = async {
            let write = store.write().await.unwrap();
            yield_now().await;
            write.commit(event(0)).await.unwrap();
        };
        tokio::join!(first, making, changing);
        assert_eq!(stored(&store).await, (Vec::new(), 4));
    }

    async fn a_first_act_that_is_given_up_leaves_nothing(database: Database) {
        let (store, first) = begin(&database).await;
        drop(first);
        assert!(store.read().await.unwrap().find_organization().await.unwrap().is_none());
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        make(&store, 100).await.unwrap();
        assert_eq!(stored(&store).await, (vec![100], 2));
    }

    async fn a_caller_who_goes_away_while_what_others_made_is_written_loses_none_of_it(database: Database) {
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        for number in 0..60 {
            let first = store.write().await.unwrap();
            let making = async {
                let mut write = store.write().await.unwrap();
                write.insert_object(&detector(1_000 + number), &ReadAccess::default()).await.unwrap();
                write.commit(event(number)).await
            };
            let asking = async {
                let mut write = store.write().await.unwrap();
                // Given up after so many moments, somewhere on the way to the answer.
                let given_up = async { for _ in 0..number * 4 { yield_now().await; } };
                tokio::select! { biased; _ = write.find_object(Id::from_bits(1)) => {}, () = given_up => {} }
            };
            let (begun, made, ()) = tokio::join!(async { yield_now().await; first.commit(event(number)).await }, making, asking);
            begun.unwrap();
            made.unwrap();
        }
        let (made, events) = stored(&store).await;
        assert_eq!((made, events), ((1_000..1_060).collect(), 121));
    }

    async fn a_caller_who_goes_away_leaves_a_whole_act_or_none(database: Database) {
        let (store, first) = begin(&database).await;
        first.commit(event(0)).await.unwrap();
        for number in 100..200 {
            let making = tokio::spawn({ let store = store.clone(); async move { make(&store, number).await } });
            let staying = tokio::spawn({ let store = store.clone(); async move { make(&store, 1_000 + number).await } });
            for _ in 0..number % 25 {
                yield_now().await;
            }
            making.abort();
            staying.await.unwrap().unwrap();
        }
        make(&store, 9_999).await.unwrap();
        let (made, events) = stored(&store).await;
        assert_eq!(i64::try_from(made.len()).unwrap() + 1, events);
        assert!((1_100..1_200).all(|number| made.contains(&number)));
    }
}
