//! What the stories about objects share: documents in a line, and what came of an act in a word.

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
use serde_json::Value;
use service::{ListQuery, RecordedEvent, ServiceError, TrailRange};

use crate::support::{START, Stage, request};

/// The first fifty.
pub(crate) const PAGE: OffsetPage = OffsetPage {
    limit: 50,
    offset: 0,
};

/// A document, written as `json!`.
pub(crate) fn document(value: Value) -> Document {
    value.as_object().expect("an object").clone()
}

/// The status an act answers with: 200 when it was done.
pub(crate) fn status<T: Debug>(outcome: &Result<T, ServiceError>) -> u16 {
    match outcome {
        Ok(_) => 200,
        Err(ServiceError::Rejected(_) | ServiceError::Conflict(_)) => 400,
        Err(ServiceError::Denied(_)) => 403,
        Err(ServiceError::NotFound(_)) => 404,
        Err(other) => panic!("neither done nor refused: {other:?}"),
    }
}

/// The field a refused act names.
pub(crate) fn field<T: Debug>(outcome: Result<T, ServiceError>) -> String {
    match outcome {
        Err(ServiceError::Rejected(refused)) => refused.field,
        other => panic!("not refused: {other:?}"),
    }
}

/// The user a caller is.
pub(crate) fn user_id(caller: &Caller) -> Id {
    caller.user().expect("a user").id.0
}

impl Stage {
    /// An org token with scope API and this role, calling.
    pub(crate) async fn org_token(&self, administrator: &Caller, name: &str, role: Role) -> Caller {
        let issued = self
            .service
            .tokens()
            .org()
            .create(administrator, name, &["API"], role)
            .await
            .unwrap();
        self.service
            .tokens()
            .authenticate(issued.secret.reveal().as_bytes(), request())
            .await
            .unwrap()
    }

    /// A dashboard made from this document.
    pub(crate) async fn dashboard(&self, caller: &Caller, given: Value) -> Object {
        let given = document(given);
        self.service
            .objects()
            .create_dashboard(caller, &given)
            .await
            .unwrap()
    }

    /// A chart of this name.
    pub(crate) async fn chart(&self, caller: &Caller, name: &str) -> Object {
        let given = serde_json::json!({"name": name, "options": {"type": "List"}});
        let given = document(given);
        self.service
            .objects()
            .create_chart(caller, &given)
            .await
            .unwrap()
    }

    /// An empty dashboard group made from this document.
    pub(crate) async fn group(&self, caller: &Caller, given: Value) -> Object {
        let given = document(given);
        let made = self
            .service
            .objects()
            .create_dashboard_group(caller, &given, true);
        made.await.unwrap()
    }

    /// Asks for a dashboard to be changed.
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

    /// An administrator who changes nothing.
    async fn auditor(&self) -> Caller {
        let credential = Credential {
            id: Id::from_bits(9),
            kind: TokenKind::ApiSession,
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
            token: None,
        });
        caller
    }

    /// What the record says about an object, newest first.
    pub(crate) async fn history(&self, id: Id) -> Vec<AuditEvent> {
        let auditor = self.auditor().await;
        let range = TrailRange {
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
