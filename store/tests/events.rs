//! Lists of audit events: along every index, from any position, in both directions, with many events at one time.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

use domain::{
    audit::{
        event::{Action, ActorType, Attribution, AuditEvent, ObjectRef, ObjectType, Outcome},
        events::Events,
        query::{AuditPosition, PageDirection},
    },
    identity::{
        actor::RequestMeta,
        credential::{Credential, TokenKind},
    },
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use store::{EventFilter, Store};

const ORGANIZATION: OrganizationId = OrganizationId(Id::from_bits(7));

/// The `n`th event: ten at each time, by five actors, on seven objects, from three addresses; every ninth is denied.
fn event(n: u64) -> AuditEvent {
    let kinds = [ObjectType::Dashboard, ObjectType::Team, ObjectType::Member];
    AuditEvent {
        at: Timestamp::from_micros(i64::try_from(n / 10).unwrap()),
        organization_id: ORGANIZATION,
        by: Attribution {
            actor_type: ActorType::User,
            actor_id: Id::from_bits(100 + n % 5),
            actor_name: "Ada".to_owned(),
            actor_email: "ada@example.com".to_owned(),
            credential: n.is_multiple_of(2).then(|| Credential {
                id: Id::from_bits(200 + n % 4),
                kind: TokenKind::Ui,
                name: "deploy script".to_owned(),
                last4: "kP4w".to_owned(),
            }),
            request: RequestMeta {
                id: RequestId(Id::from_bits(n)),
                method: "PUT".into(),
                path: "/v2/dashboard/x".to_owned(),
                address: format!("203.0.113.{}", n % 3).into(),
                client: "curl".into(),
            },
        },
        action: if n.is_multiple_of(2) {
            Action::Update
        } else {
            Action::Create
        },
        object: ObjectRef {
            kind: kinds[usize::try_from(n % 3).unwrap()],
            id: Id::from_bits(300 + n % 7),
            name: n.to_string(),
        },
        outcome: if n.is_multiple_of(9) {
            Outcome::Denied
        } else {
            Outcome::Done
        },
        changes: Vec::new(),
    }
}

async fn filled(url: &str, count: u64) -> Store {
    let store = Store::open(url).await.unwrap();
    let write = store.write().await.unwrap();
    write
        .commit(Events::of(event(0), (1..count).map(event)))
        .await
        .unwrap();
    store
}

/// All matching events, page by page in one direction.
async fn walk(
    store: &Store,
    filter: &EventFilter,
    mut direction: PageDirection,
    limit: i64,
) -> Vec<u64> {
    let mut read = store.read().await.unwrap();
    let mut found = Vec::new();
    loop {
        let page = read.list_events(filter, direction, limit).await.unwrap();
        let Some(last) = page.last() else {
            return found;
        };
        let position = AuditPosition {
            at: last.event.at,
            number: last.number.unsigned_abs(),
        };
        direction = match direction {
            PageDirection::Older(_) => PageDirection::Older(position),
            PageDirection::Newer(_) => PageDirection::Newer(position),
        };
        found.extend(
            page.iter()
                .map(|recorded| recorded.event.by.request.id.0.bits()),
        );
    }
}

/// A filter, and the events that match it.
type Case = (EventFilter, fn(&AuditEvent) -> bool);

fn cases() -> Vec<Case> {
    let all = EventFilter::all(ORGANIZATION);
    vec![
        (all.clone(), |_| true),
        (
            EventFilter {
                object_id: Some(Id::from_bits(303)),
                ..all.clone()
            },
            |event| event.object.id.bits() == 303,
        ),
        (
            EventFilter {
                actor_id: Some(Id::from_bits(102)),
                ..all.clone()
            },
            |event| event.by.actor_id.bits() == 102,
        ),
        (
            EventFilter {
                token_id: Some(Id::from_bits(202)),
                ..all.clone()
            },
            |event| {
                event
                    .by
                    .credential
                    .as_ref()
                    .is_some_and(|credential| credential.id.bits() == 202)
            },
        ),
        (
            EventFilter {
                address: Some("203.0.113.1".to_owned()),
                ..all.clone()
            },
            |event| &*event.by.request.address == "203.0.113.1",
        ),
        (
            EventFilter {
                object_type: Some(ObjectType::Team),
                ..all.clone()
            },
            |event| event.object.kind == ObjectType::Team,
        ),
        (
            EventFilter {
                action: Some(Action::Create),
                ..all.clone()
            },
            |event| event.action == Action::Create,
        ),
        (
            EventFilter {
                outcome: Some(Outcome::Denied),
                ..all.clone()
            },
            |event| event.outcome == Outcome::Denied,
        ),
        (
            EventFilter {
                outcome: Some(Outcome::Done),
                ..all.clone()
            },
            |event| event.outcome == Outcome::Done,
        ),
        (
            EventFilter {
                from: Timestamp::from_micros(3),
                to: Timestamp::from_micros(9),
                actor_id: Some(Id::from_bits(101)),
                object_type: Some(ObjectType::Dashboard),
                ..all
            },
            |event| {
                (3..9).contains(&event.at.as_micros())
                    && event.by.actor_id.bits() == 101
                    && event.object.kind == ObjectType::Dashboard
            },
        ),
    ]
}

testbed::on_both! {
    async fn each_filter_finds_exactly_the_matching_events_in_both_directions(database: Database) {
        let store = filled(&database.url, 200).await;
        for (filter, matches) in cases() {
            let expected: Vec<u64> = (0..200).filter(|n| matches(&event(*n))).collect();
            assert!(!expected.is_empty(), "{filter:?}");
            let start = PageDirection::Newer(AuditPosition::before(Timestamp::from_micros(0)));
            assert_eq!(walk(&store, &filter, start, 7).await, expected, "{filter:?}");
            let back: Vec<u64> = expected.into_iter().rev().collect();
            assert_eq!(walk(&store, &filter, PageDirection::NEWEST, 3).await, back, "{filter:?}");
        }
    }

    async fn the_name_of_a_token_is_in_the_hashed_text_of_its_event(database: Database) {
        let store = filled(&database.url, 2).await;
        let rows = store.read().await.unwrap().list_event_rows(0, 2, 10).await.unwrap();
        let [named, without_token] = [0, 1].map(|row: usize| String::from_utf8(rows[row].text.clone()).unwrap());
        assert!(named.ends_with(r#","changes":"[]","token_name":"deploy script"}]"#), "{named}");
        assert!(without_token.ends_with(r#","changes":"[]"}]"#), "{without_token}");
    }

    async fn another_organization_finds_nothing(database: Database) {
        let store = filled(&database.url, 20).await;
        for (filter, _) in cases() {
            let filter = EventFilter { organization_id: OrganizationId(Id::from_bits(8)), ..filter };
            assert_eq!(walk(&store, &filter, PageDirection::NEWEST, 50).await, [0; 0], "{filter:?}");
        }
    }

    async fn the_end_of_the_range_of_a_number_of_rows_is_found(database: Database) {
        let store = filled(&database.url, 200).await;
        let filter = EventFilter { actor_id: Some(Id::from_bits(101)), ..EventFilter::all(ORGANIZATION) };
        let mut read = store.read().await.unwrap();
        // This actor has two events at each time; the newest is at 19.
        let back = read.find_range_end_of_events(&filter, PageDirection::NEWEST, 10).await.unwrap();
        assert_eq!(back, Some(Timestamp::from_micros(14)));
        let start = PageDirection::Newer(AuditPosition::before(Timestamp::from_micros(0)));
        assert_eq!(read.find_range_end_of_events(&filter, start, 10).await.unwrap(), Some(Timestamp::from_micros(5)));
        assert_eq!(read.find_range_end_of_events(&filter, start, 40).await.unwrap(), None);
    }
}
