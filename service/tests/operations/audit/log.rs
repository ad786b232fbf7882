//! Paging through the audit log and the call log: permissions, page boundaries, and what a rejected credential leaves.

use std::sync::Arc;

use domain::{
    audit::query::{AuditFilter, AuditResults, OutcomeFilter, PageDirection},
    identity::{
        actor::{Caller, Identity},
        role::Role,
    },
    platform::id::{Id, RequestId},
};
use service::{CallRecord, RecordedEvent, ServiceError};
use testbed::on_both;

use crate::support::{START, Stage, call, request};

impl Stage {
    /// Records an API call, `seconds` after the start.
    fn called(&self, identity: Option<&Arc<Identity>>, seconds: i64, number: u64) {
        self.service.audit().record_call(CallRecord {
            identity: identity.cloned(),
            ..call("curl", START.plus_seconds(seconds), number)
        });
    }

    async fn list_events(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        direction: PageDirection,
    ) -> AuditResults<RecordedEvent> {
        self.service
            .audit()
            .list_events(caller, filter, direction, 3)
            .await
            .unwrap()
    }
}

fn numbers(page: &AuditResults<RecordedEvent>) -> Vec<i64> {
    page.rows.iter().map(|recorded| recorded.number).collect()
}

on_both! {
    async fn pages_reach_the_oldest_event_and_return_to_the_newest(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        for name in ["Grace", "Karen", "Uma", "Vera"] {
            stage.pass_millis(1);
            stage.member(name, Role::Power).await;
        }
        let all = AuditFilter::default();
        let newest = stage.list_events(&ada, &all, PageDirection::NEWEST).await;
        assert_eq!((numbers(&newest), newest.newer), (vec![8, 7, 6], None));
        let second = stage.list_events(&ada, &all, PageDirection::Older(newest.older.unwrap())).await;
        assert_eq!(numbers(&second), [5, 4, 3]);
        // Events that are added in between do not shift pages.
        stage.pass_millis(1);
        stage.member("Zoe", Role::Power).await;
        let last = stage.list_events(&ada, &all, PageDirection::Older(second.older.unwrap())).await;
        assert_eq!((numbers(&last), last.older), (vec![2, 1], None));
        let back = stage.list_events(&ada, &all, PageDirection::Newer(last.newer.unwrap())).await;
        assert_eq!(numbers(&back), [5, 4, 3]);
        let on = stage.list_events(&ada, &all, PageDirection::Newer(back.newer.unwrap())).await;
        assert_eq!(numbers(&on), [8, 7, 6]);
        // The newest page is full even if fewer events are new.
        let top = stage.list_events(&ada, &all, PageDirection::Newer(on.newer.unwrap())).await;
        assert_eq!((numbers(&top), top.newer), (vec![9, 8, 7], None));
    }

    async fn events_are_filtered_by_actor_and_outcome(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let wrong = stage.service.identity().sign_in("ada@example.com", "not the right password", &request()).await;
        assert!(wrong.is_err());
        let denied = AuditFilter { outcome: Some(OutcomeFilter::Denied), ..AuditFilter::default() };
        let found = stage.list_events(&ada, &denied, PageDirection::NEWEST).await;
        assert_eq!(found.rows.len(), 1);
        let failed = AuditFilter { outcome: Some(OutcomeFilter::Failed), ..denied };
        assert_eq!(numbers(&stage.list_events(&ada, &failed, PageDirection::NEWEST).await), [0; 0]);
        let mine = AuditFilter { person: Some(ada.actor().id()), ..AuditFilter::default() };
        let mine = stage.list_events(&ada, &mine, PageDirection::NEWEST).await;
        assert!(mine.rows.iter().all(|recorded| recorded.event.by.actor_id == ada.actor().id()));
    }

    async fn a_request_id_finds_the_events_and_the_call_of_its_request(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        for second in 0..4 {
            stage.called(Some(&ada.identity), second, second.unsigned_abs() + 1);
        }
        let all = stage.list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST).await;
        let wanted = all.rows[0].event.by.request.id;
        let of = |request| AuditFilter { request: Some(request), ..AuditFilter::default() };
        let found = stage.list_events(&ada, &of(wanted), PageDirection::NEWEST).await;
        assert!(!found.rows.is_empty() && found.rows.len() < all.rows.len());
        assert!(found.rows.iter().all(|row| row.event.by.request.id == wanted));
        let unknown = RequestId(Id::from_bits(77));
        assert_eq!(stage.list_events(&ada, &of(unknown), PageDirection::NEWEST).await.rows, []);
        for (request, expected) in [(RequestId(Id::from_bits(3)), 1), (unknown, 0)] {
            let calls = stage.service.audit().list_calls(&ada, &of(request), PageDirection::NEWEST, 10).await.unwrap();
            assert_eq!(calls.rows.len(), expected);
            assert!(calls.rows.iter().all(|call| call.request_id == request));
        }
    }

    async fn calls_are_paged_for_one_token_or_all(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let grace = stage.caller("Grace", Role::Power).await;
        for second in 0..8 {
            stage.called(Some(&grace.identity), second, second.unsigned_abs() * 2);
            stage.called(None, second, second.unsigned_abs() * 2 + 1);
        }
        let list = |direction| {
            let token = grace.identity.credential.as_ref().map(|credential| credential.id);
            let filter = AuditFilter { token, ..AuditFilter::default() };
            let (stage, caller) = (&stage, &ada);
            async move {
                let page = stage.service.audit().list_calls(caller, &filter, direction, 3).await.unwrap();
                let numbers: Vec<_> = page.rows.iter().map(|call| call.request_id.0.bits()).collect();
                (numbers, page.newer, page.older)
            }
        };
        let (newest, newer, older) = list(PageDirection::NEWEST).await;
        assert_eq!((newest, newer), (vec![14, 12, 10], None));
        let (second, _, older) = list(PageDirection::Older(older.unwrap())).await;
        assert_eq!(second, [8, 6, 4]);
        let (last, newer, older) = list(PageDirection::Older(older.unwrap())).await;
        assert_eq!((last, older), (vec![2, 0], None));
        assert_eq!(list(PageDirection::Newer(newer.unwrap())).await.0, [8, 6, 4]);
        let all = stage.service.audit().list_calls(&ada, &AuditFilter::default(), PageDirection::NEWEST, 100).await.unwrap();
        assert_eq!(all.rows.len(), 16);
    }

    async fn an_owner_sees_the_calls_of_their_own_token_only(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let grace = stage.caller("Grace", Role::Power).await;
        let of = |caller: &Caller| AuditFilter {
            token: caller.identity.credential.as_ref().map(|credential| credential.id),
            ..AuditFilter::default()
        };
        stage.called(Some(&grace.identity), 0, 1);
        let calls = stage.service.audit().list_calls(&grace, &of(&grace), PageDirection::NEWEST, 3).await.unwrap();
        assert_eq!(calls.rows.len(), 1);
        assert_eq!(numbers(&stage.list_events(&grace, &of(&grace), PageDirection::NEWEST).await), [0; 0]);
        let others = stage.service.audit().list_events(&grace, &of(&ada), PageDirection::NEWEST, 3).await;
        assert!(matches!(others, Err(ServiceError::NotFound(_))), "{others:?}");
        let all = stage.service.audit().list_calls(&grace, &AuditFilter::default(), PageDirection::NEWEST, 3).await;
        assert!(matches!(all, Err(ServiceError::Denied(_))), "{all:?}");
    }

    async fn a_rejected_token_is_attributed_to_its_owner_and_an_unknown_one_to_its_fingerprint(database: Database) {
        let stage = Stage::set_up(database).await;
        let grace = stage.member("Grace", Role::Power).await;
        let token = stage.token(&grace.email).await;
        let caller = stage.service.tokens().authenticate(token.as_bytes(), request()).await.unwrap();
        stage.service.identity().members().disable(&stage.service.system_caller().await.unwrap(), grace.id).await.unwrap();
        for _ in 0..2 {
            let rejected = stage.service.tokens().authenticate_caller(token.as_bytes(), request()).await.unwrap_err();
            assert!(matches!(rejected.error, ServiceError::Unauthenticated));
            let owner = rejected.identity.expect("the token is attributed to Grace");
            assert_eq!((owner.actor.id(), &owner.credential), (caller.actor().id(), &caller.identity.credential));
        }
        let unknown = stage.service.tokens().authenticate_caller(b"csu_nonsense", request()).await.unwrap_err();
        assert_eq!((unknown.fingerprint.len(), unknown.identity), (12, None));
        stage.service.identity().members().enable(&stage.service.system_caller().await.unwrap(), grace.id).await.unwrap();
        assert!(stage.service.tokens().authenticate(token.as_bytes(), request()).await.is_ok());
    }
}
