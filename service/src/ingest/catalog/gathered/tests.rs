//! What is gathered is bounded, by number and by bytes.

use domain::{
    identity::actor::{Actor, Identity, RequestMeta},
    platform::id::RequestId,
};

use super::*;

const ORGANIZATION: OrganizationId = OrganizationId(Id::SYSTEM);
const NOW: Timestamp = Timestamp::from_millis(0);

fn caller() -> Caller {
    let identity = Identity {
        organization_id: ORGANIZATION,
        actor: Actor::System,
        credential: None,
        token: None,
        authenticated_at: None,
    };
    Caller {
        identity: Arc::new(identity),
        request: RequestMeta {
            id: RequestId(Id::SYSTEM),
            method: "".into(),
            path: String::new(),
            address: "".into(),
            client: "".into(),
        },
        keyed: None,
        origin: None,
    }
}

/// The new series of a request with these metrics, each with a dimension of so many bytes.
fn observed(
    gathered: &Arc<Gathered>,
    metrics: std::ops::Range<usize>,
    bytes: usize,
) -> Vec<Observation> {
    let mut observer = Arc::clone(gathered).observer(ORGANIZATION, NOW);
    let value = "x".repeat(bytes);
    for metric in metrics {
        let dimensions = [("k", value.as_str())];
        observer.datapoint(
            &metric.to_string(),
            MetricType::Gauge,
            dimensions.into_iter(),
        );
    }
    observer.finish()
}

#[test]
fn one_request_shows_a_bounded_number_of_bytes() {
    let gathered = Arc::new(Gathered::default());
    let found = observed(&gathered, 0..200, FOUND_BYTES / 100);
    assert!((99..=101).contains(&found.len()), "{}", found.len());
    assert_eq!(observed(&gathered, 0..WAITING + 5, 1).len(), WAITING);
}

#[test]
fn the_series_that_wait_have_a_bounded_number_of_bytes_which_are_free_again_when_they_are_stored() {
    let gathered = Arc::new(Gathered::default());
    let add = |metrics| {
        gathered.add(
            observed(&gathered, metrics, WAITING_BYTES / 100),
            &caller(),
            NOW,
        )
    };
    for first in (0..200).step_by(20) {
        add(first..first + 20);
    }
    let full = gathered.waiting_count();
    assert!((98..=100).contains(&full), "{full}");
    gathered.remove_oldest(50);
    add(300..320);
    assert_eq!(gathered.waiting_count(), full - 50 + 20);
}

#[test]
fn a_full_set_of_known_series_keeps_those_it_has_until_the_next_period() {
    let gathered = Arc::new(Gathered::default());
    for first in (0..KNOWN).step_by(WAITING) {
        gathered.add(
            observed(&gathered, first..first + WAITING, 1),
            &caller(),
            NOW,
        );
        gathered.remove_oldest(gathered.waiting_count());
    }
    gathered.add(observed(&gathered, KNOWN..KNOWN + 3, 1), &caller(), NOW);
    assert_eq!(gathered.waiting_count(), 0, "there is no room for others");
    assert_eq!(observed(&gathered, 0..10, 1), [], "they are known");
    let later = Timestamp::from_millis(SEEN_MINUTES * 60_000);
    gathered.add(observed(&gathered, KNOWN..KNOWN + 3, 1), &caller(), later);
    assert_eq!(gathered.waiting_count(), 3);
}

#[test]
fn shared_dimensions_are_the_same_series_as_separate_ones() {
    let gathered = Arc::new(Gathered::default());
    gathered.add(observed(&gathered, 0..1, 1), &caller(), NOW);
    let mut observer = Arc::clone(&gathered).observer(ORGANIZATION, NOW);
    let (shared, own) = ([("k", "x")], [("host", "a")]);
    let sum = observer.sum(shared.into_iter());
    let none = || std::iter::empty();
    observer.shared_datapoint("0", MetricType::Gauge, sum, none(), shared.into_iter());
    let both = own.into_iter().chain(shared);
    observer.shared_datapoint("0", MetricType::Gauge, sum, own.into_iter(), both);
    let found = observer.finish();
    assert_eq!(found.len(), 1, "the first is known");
    assert_eq!(found[0].dimensions.len(), 2);
}
