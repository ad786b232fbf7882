//! Calls to store, and reading them back.

use std::sync::LazyLock;

use domain::{
    audit::query::{AuditPosition, PageDirection},
    identity::credential::{Credential, TokenKind},
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use store::{Call, CallFilter, CallWalk, NewCall, NewSource, Store};

pub(crate) const ORGANIZATION: OrganizationId = OrganizationId(Id::from_bits(7));
pub(crate) const MINUTE: i64 = 60_000_000;

static CREDENTIAL: LazyLock<Credential> = LazyLock::new(|| Credential {
    id: Id::from_bits(u64::MAX - 1),
    kind: TokenKind::Ui,
    name: "deploy \"script\"".to_owned(),
    last4: "kP4w".to_owned(),
});

pub(crate) fn source() -> NewSource<'static> {
    NewSource {
        organization_id: Some(ORGANIZATION),
        actor_id: Some(Id::from_bits(1)),
        actor_name: "Ada",
        actor_email: "ada@example.com",
        credential: Some(&CREDENTIAL),
        address: "203.0.113.7",
        client: "a \"client\"",
        fingerprint: "",
    }
}

pub(crate) fn call(at: i64, request: u64) -> NewCall<'static> {
    NewCall {
        at: Timestamp::from_micros(at),
        source: source(),
        request_id: RequestId(Id::from_bits(request)),
        method: "GET",
        route: "/v2/dashboard/{id}",
        path: Some("/v2/dashboard/\"one\""),
        status: 404,
        duration_us: 1_234,
        bytes: 56,
    }
}

pub(crate) async fn walk(store: &Store, from: i64, to: i64) -> Vec<Call> {
    let (from, to) = (Timestamp::from_micros(from), Timestamp::from_micros(to));
    let filter = CallFilter {
        writes: Some(false),
        ..CallFilter::between(ORGANIZATION, from, to)
    };
    walk_on(
        store,
        filter,
        PageDirection::Newer(AuditPosition::before(from)),
    )
    .await
}

pub(crate) async fn walk_on(
    store: &Store,
    filter: CallFilter,
    direction: PageDirection,
) -> Vec<Call> {
    let mut walk = CallWalk::new(filter, direction);
    let mut read = store.read().await.unwrap();
    let mut calls = Vec::new();
    loop {
        let next = read.next_calls(&mut walk).await.unwrap();
        if next.is_empty() {
            return calls;
        }
        calls.extend(next);
    }
}

pub(crate) fn times(calls: &[Call]) -> Vec<i64> {
    calls.iter().map(|call| call.at.as_micros()).collect()
}
