//! Org tokens: concurrent rotations leave one current secret and an audit event each; last use and detail per secret.

use domain::{
    audit::event::Action,
    identity::{
        actor::{Caller, Identity},
        role::Role,
    },
    platform::{id::Id, page::OffsetPage},
    tokens::{org_token::Rotation, token::TokenState},
};
use serde_json::json;
use service::{OrgTokenSearch, Service, ServiceError};
use testbed::{on_both, tokio::task::JoinSet};

use crate::{
    objects::support::document,
    support::{START, Stage, request, request_from},
};

/// The number of concurrent rotations.
const ROTATIONS: usize = 50;

impl Stage {
    /// Rotates a new org token in fifty concurrent calls on two nodes. Returns its id and its secrets, the original one
    /// first.
    async fn rotated_concurrently(&self, graceful: &str) -> (Id, Vec<String>) {
        let admin = self.caller("Grace", Role::Admin).await;
        let made = self
            .service
            .tokens()
            .org()
            .issue(&admin, &document(json!({"name": "ci"})))
            .await
            .unwrap();
        let nodes = [self.service.clone(), self.another_node().await];
        let mut calls = JoinSet::new();
        for node in nodes.iter().cycle().take(ROTATIONS) {
            let (node, admin) = (node.clone(), admin.clone());
            let rotation = Rotation::parse(Some(graceful), None).unwrap();
            calls.spawn(async move {
                node.tokens()
                    .org()
                    .rotate(&admin, "ci", rotation)
                    .await
                    .unwrap()
            });
        }
        let mut secrets = vec![made.secret.unwrap().to_string()];
        for rotated in calls.join_all().await {
            secrets.push(rotated.secret.unwrap().to_string());
        }
        (made.token.id, secrets)
    }

    /// The secret that reading the token returns.
    async fn current_secret(&self) -> String {
        let admin = self.browser("grace@example.com").await;
        let read = self
            .service
            .tokens()
            .org()
            .find(&admin, "ci")
            .await
            .unwrap();
        read.secret.unwrap().to_string()
    }
}

/// The secrets that this node accepts.
async fn working(node: &Service, secrets: &[String]) -> Vec<String> {
    let mut working = Vec::new();
    for secret in secrets {
        if node
            .tokens()
            .authenticate(secret.as_bytes(), request())
            .await
            .is_ok()
        {
            working.push(secret.clone());
        }
    }
    working
}

on_both! {
    async fn fifty_concurrent_rotations_leave_one_secret_and_an_event_each(database: Database) {
        let stage = Stage::set_up(database).await;
        let (id, secrets) = stage.rotated_concurrently("0").await;
        let mut distinct = secrets.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), 1 + ROTATIONS);

        let current = stage.current_secret().await;
        // A node that has not cached a secret looks it up in the database.
        assert_eq!(working(&stage.another_node().await, &secrets).await, [current]);

        let history = stage.history(id).await;
        let rotations: Vec<_> = history.iter().filter(|event| event.action == Action::Rotate).collect();
        assert_eq!((rotations.len(), history.len()), (ROTATIONS, ROTATIONS + 2));
        for event in rotations {
            assert_eq!((event.by.actor_name.as_str(), event.object.name.as_str()), ("Grace", "ci"));
            let text = format!("{event:?}");
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        }
    }

    async fn fifty_concurrent_graceful_rotations_keep_every_secret_until_its_grace_period_ends(database: Database) {
        let stage = Stage::set_up(database).await;
        let (_, secrets) = stage.rotated_concurrently("60").await;
        let current = stage.current_secret().await;
        let node = stage.another_node().await;
        assert_eq!(working(&node, &secrets).await, secrets);
        stage.pass_millis(60_000);
        assert_eq!(working(&node, &secrets).await, [current]);
    }
    async fn each_secret_of_a_rotated_token_shows_its_last_use(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let reader = stage.member("Karen", Role::ReadOnly).await;
        let acl = json!([{"principalId": reader.id, "principalType": "USER", "actions": ["READ"]}]);
        let named = document(json!({"name": "ci", "authScopes": ["API"], "permissions": {"acl": acl}}));
        let made = stage.service.tokens().org().issue(&admin, &named).await.unwrap();
        let old = made.secret.unwrap().to_string();
        stage.service.tokens().authenticate(old.as_bytes(), request_from("198.51.100.1")).await.unwrap();
        stage.pass_millis(2_000);
        let rotation = Rotation::parse(Some("60"), None).unwrap();
        let rotated = stage.service.tokens().org().rotate(&admin, "ci", rotation).await.unwrap();
        let new = rotated.secret.unwrap().to_string();
        let used = |detail: service::OrgTokenDetail| {
            let uses = detail.secrets.into_iter().map(|secret| secret.last_used);
            uses.map(|used| used.map(|used| (used.at, used.address))).collect::<Vec<_>>()
        };
        let first = Some((START, "198.51.100.1".to_owned()));
        let detail = stage.service.tokens().org().find_detail(&admin, made.token.id).await.unwrap();
        assert_eq!(used(detail), [None, first], "uses before the rotation belong to the old secret");

        stage.pass_millis(2_000);
        stage.service.tokens().authenticate(old.as_bytes(), request_from("198.51.100.2")).await.unwrap();
        stage.pass_millis(2_000);
        stage.service.tokens().authenticate(new.as_bytes(), request_from("198.51.100.3")).await.unwrap();
        let karen = stage.browser(&reader.email).await;
        stage.service.close().await.unwrap();
        let after = stage.another_node().await;
        let [newer, older] = [(6_000, "198.51.100.3"), (4_000, "198.51.100.2")]
            .map(|(millis, address)| Some((START.plus_millis(millis), address.to_owned())));
        let detail = after.tokens().org().find_detail(&admin, made.token.id).await.unwrap();
        assert_eq!(used(detail), [newer, older]);

        let detail = after.tokens().org().find_detail(&karen, made.token.id).await.unwrap();
        let [newer, older] = [6_000, 4_000].map(|millis| Some((START.plus_millis(millis), String::new())));
        assert_eq!(used(detail), [newer, older], "only administrators see the address");
    }

    async fn token_detail_lists_secrets_and_reveals_the_current_one_to_permitted_callers(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let power = stage.member("Ada", Role::Power).await;
        let reader = stage.member("Karen", Role::ReadOnly).await;
        let acl: Vec<_> = [&power, &reader]
            .map(|member| json!({"principalId": member.id, "principalType": "USER", "actions": ["READ"]}))
            .into();
        let made = stage.service.tokens().org().issue(&admin, &document(json!({"name": "ci", "permissions": {"acl": acl}}))).await.unwrap();
        let closed = stage.service.tokens().org().issue(&admin, &document(json!({"name": "closed"}))).await.unwrap();
        let id = made.token.id;
        let rotation = Rotation::parse(Some("60"), None).unwrap();
        let rotated = stage.service.tokens().org().rotate(&admin, "ci", rotation).await.unwrap();

        let power = stage.browser(&power.email).await;
        let detail = stage.service.tokens().org().find_detail(&power, id).await.unwrap();
        assert_eq!((detail.secrets.len(), detail.may_reveal, detail.org_token.state), (2, true, TokenState::Active));
        assert_eq!(stage.service.tokens().org().reveal(&power, id).await.unwrap(), rotated.secret.unwrap());
        let page = OffsetPage { limit: 50, offset: 0 };
        let listed = stage.service.tokens().org().page(&power, &OrgTokenSearch::default(), page).await.unwrap().results;
        assert_eq!(listed.iter().map(|view| view.token.name.as_str()).collect::<Vec<_>>(), ["ci"]);
        let hidden = stage.service.tokens().org().reveal(&power, closed.token.id).await;
        assert!(matches!(hidden, Err(ServiceError::NotFound(_))));
        let history = stage.service.tokens().org().history(&power, id).await;
        assert!(matches!(history, Err(ServiceError::Denied(_))));

        let reader = stage.browser(&reader.email).await;
        assert!(!stage.service.tokens().org().find_detail(&reader, id).await.unwrap().may_reveal);
        let rejected = stage.service.tokens().org().reveal(&reader, id).await;
        assert!(matches!(rejected, Err(ServiceError::Denied(_))));

        stage.pass_millis(60_000);
        stage.service.tokens().org().update(&admin, "ci", &document(json!({"disabled": true}))).await.unwrap();
        let detail = stage.service.tokens().org().find_detail(&admin, id).await.unwrap();
        assert_eq!((detail.secrets.len(), detail.org_token.state), (1, TokenState::Disabled));
    }

    async fn a_missing_credential_does_not_make_an_administrator(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Power).await;
        let identity = Identity { credential: None, ..(*ada.identity).clone() };
        let caller = Caller { identity: identity.into(), request: request(), keyed: None, origin: None };
        let given = document(json!({"name": "ci", "authScopes": ["API"]}));
        let denied = stage.service.tokens().org().issue(&caller, &given).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))), "{denied:?}");
        let denied = stage.service.tokens().list_all(&caller).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))), "{denied:?}");
        let system = stage.service.system_caller().await.unwrap();
        assert!(stage.service.tokens().org().issue(&system, &given).await.is_ok());
    }
}
