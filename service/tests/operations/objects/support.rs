//! Helpers for object tests: building documents, and reading the outcome of an operation.

use std::{fmt::Debug, sync::Arc};

use domain::{
    audit::event::AuditEvent,
    identity::{
        actor::{Actor, Caller, Identity, UserActor},
        credential::{Credential, TokenKind},
        role::{Role, RoleSet},
    },
    objects::object::Object,
    platform::{
        document::Document,
        id::{Id, UserId},
        page::OffsetPage,
    },
};
use serde_json::{Value, json};
use service::{AuditRange, ListQuery, RecordedEvent, ServiceError};

use crate::support::{START, Stage, request};

/// The first page of fifty rows.
pub(crate) const PAGE: OffsetPage = OffsetPage {
    limit: 50,
    offset: 0,
};

/// Converts a `json!` value to a document.
pub(crate) fn document(value: Value) -> Document {
    value.as_object().expect("an object").clone()
}

/// The HTTP status that an outcome maps to; 200 for success.
pub(crate) fn status<T: Debug>(outcome: &Result<T, ServiceError>) -> u16 {
    match outcome {
        Ok(_) => 200,
        Err(ServiceError::Rejected(_) | ServiceError::Conflict(_)) => 400,
        Err(ServiceError::Denied(_)) => 403,
        Err(ServiceError::NotFound(_)) => 404,
        Err(other) => panic!("unexpected error: {other:?}"),
    }
}

/// The field that a rejected operation names.
pub(crate) fn field<T: Debug>(outcome: Result<T, ServiceError>) -> String {
    match outcome {
        Err(ServiceError::Rejected(rejected)) => rejected.field,
        other => panic!("not rejected: {other:?}"),
    }
}

/// The id of the user who calls.
pub(crate) fn user_id(caller: &Caller) -> Id {
    caller.user().expect("a user").id.0
}

impl Stage {
    /// A caller that is authenticated with an org token of scope API and this role.
    pub(crate) async fn org_token(&self, administrator: &Caller, name: &str, role: Role) -> Caller {
        let given = json!({"name": name, "authScopes": ["API"], "roles": [role.title()]});
        let tokens = self.service.tokens();
        let issued = tokens
            .org()
            .issue(administrator, &document(given))
            .await
            .unwrap();
        let secret = issued.secret.expect("the secret");
        tokens
            .authenticate(secret.as_bytes(), request())
            .await
            .unwrap()
    }

    /// Creates a dashboard from this document.
    pub(crate) async fn dashboard(&self, caller: &Caller, given: Value) -> Object {
        let given = document(given);
        self.service
            .objects()
            .create_dashboard(caller, &given)
            .await
            .unwrap()
    }

    /// Creates a chart with this name.
    pub(crate) async fn chart(&self, caller: &Caller, name: &str) -> Object {
        let given = serde_json::json!({"name": name, "options": {"type": "List"}});
        let given = document(given);
        self.service
            .objects()
            .create_chart(caller, &given)
            .await
            .unwrap()
    }

    /// Creates an empty dashboard group from this document.
    pub(crate) async fn group(&self, caller: &Caller, given: Value) -> Object {
        let given = document(given);
        let made = self
            .service
            .objects()
            .create_dashboard_group(caller, &given, true);
        made.await.unwrap()
    }

    /// Updates a dashboard with this document.
    pub(crate) async fn put(
        &self,
        caller: &Caller,
        dashboard: &Object,
        given: Value,
    ) -> Result<Object, ServiceError> {
        let given = document(given);
        self.service
            .objects()
            .update_dashboard(caller, dashboard.id, &given)
            .await
    }

    /// An administrator that is used only for reading the audit log.
    async fn auditor(&self) -> Caller {
        let credential = Credential {
            id: Id::from_bits(9),
            kind: TokenKind::ApiSession,
            name: String::new(),
            last4: "last".to_owned(),
        };
        let mut caller = self.service.system_caller().await.unwrap();
        caller.identity = Arc::new(Identity {
            organization_id: caller.organization_id(),
            actor: Actor::User(UserActor {
                id: UserId(Id::from_bits(9)),
                name: "Auditor".to_owned(),
                email: "auditor@example.com".to_owned(),
                roles: RoleSet::of(&[Role::Admin]),
                teams: Vec::new(),
            }),
            credential: Some(credential),
            authenticated_at: None,
            token: None,
        });
        caller
    }

    /// The audit events of an object, newest first.
    pub(crate) async fn history(&self, id: Id) -> Vec<AuditEvent> {
        let auditor = self.auditor().await;
        let range = AuditRange {
            from: START,
            to: self.clock.now().plus_seconds(1),
            actor_id: None,
            token_id: None,
            object_id: Some(id),
            newest_first: false,
        };
        let mut events = Vec::new();
        let visit = |recorded: RecordedEvent| {
            events.insert(0, recorded.event);
            true
        };
        self.service
            .audit()
            .walk_events(&auditor, &range, visit)
            .await
            .unwrap();
        events
    }

    /// The names and the count of the dashboards a caller sees.
    pub(crate) async fn seen(&self, caller: &Caller) -> (Vec<String>, i64) {
        let page = self
            .service
            .objects()
            .list_dashboards(caller, &ListQuery::default(), PAGE)
            .await
            .unwrap();
        let names = page.results.into_iter().map(|dashboard| dashboard.name);
        (names.collect(), page.count)
    }
}
