//! Info about an object: full detail for administrators, only actor and time for other readers.

use domain::{
    audit::event::ObjectType, identity::role::Role, platform::id::Id, tokens::token::TokenState,
};
use serde_json::json;
use service::ServiceError;
use testbed::on_both;

use crate::{
    objects::support::document,
    support::{Stage, request},
};

on_both! {
    async fn an_administrator_sees_who_changed_an_object_with_which_token_and_that_tokens_state(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.caller("Ada", Role::Power).await;
        let made = stage.dashboard(&ada, json!({"name": "Checkout"})).await;
        let bob = stage.member("Bob", Role::Power).await;
        let token = stage.token(&bob.email).await;
        let bob = stage.service.tokens().authenticate(token.as_bytes(), request()).await.unwrap();
        stage.pass_millis(1_000);
        stage.service.objects().update_dashboard(&bob, made.id, &document(json!({"name": "Checkout latency"}))).await.unwrap();
        stage.service.tokens().revoke_by_secret(token.as_bytes(), request()).await.unwrap();

        let info = stage.info(&admin, ObjectType::Dashboard, made.id).await.unwrap();
        let (created, updated) = (info.created.unwrap(), info.updated.unwrap());
        assert_eq!((created.actor_name.as_str(), updated.actor_name.as_str()), ("Ada", "Bob"));
        assert_eq!(updated.at.millis_since(created.at), 1_000);
        assert_eq!(info.updated_fields, ["name"]);
        let detail = updated.detail.unwrap();
        let (credential, data) = detail.token.unwrap();
        assert_eq!((credential.last4.as_str(), data.state), (&token[token.len() - 4..], TokenState::Revoked));
        assert_eq!(&*detail.request.unwrap().address, "203.0.113.7");
        assert_eq!(created.detail.unwrap().token.unwrap().1.state, TokenState::Active);
        let names: Vec<_> = info.history.unwrap().into_iter().map(|recorded| recorded.event.by.actor_name).collect();
        assert_eq!(names, ["Bob", "Ada"], "newest first");
    }

    async fn org_tokens_have_info_for_callers_who_may_see_them(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.caller("Ada", Role::Power).await;
        let made = stage.service.tokens().org().issue(&admin, &document(json!({"name": "ci"}))).await.unwrap();
        let info = stage.info(&admin, ObjectType::OrgToken, made.token.id).await.unwrap();
        assert_eq!((info.object.name.as_str(), info.created.unwrap().actor_name.as_str()), ("ci", "Grace"));
        assert_eq!(info.history.unwrap().len(), 1);
        let hidden = stage.info(&ada, ObjectType::OrgToken, made.token.id).await;
        assert!(matches!(hidden, Err(ServiceError::NotFound(_))), "{hidden:?}");
    }

    async fn info_and_the_page_of_an_org_token_name_the_same_first_end(database: Database) {
        const YEARS_MS: i64 = 20 * 366 * 86_400_000;
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let mut made = Vec::new();
        for name in ["disabled first", "expired first"] {
            let client = stage.org_token(&admin, name, Role::Power).await;
            made.push((client.actor().id(), stage.dashboard(&client, json!({"name": name})).await.id));
        }
        let disable = async |name: &str| {
            let given = document(json!({"disabled": true}));
            stage.service.tokens().org().update(&admin, name, &given).await.unwrap();
        };
        disable("disabled first").await;
        stage.pass_millis(YEARS_MS);
        disable("expired first").await;
        for ((token, dashboard), expected) in made.into_iter().zip([TokenState::Disabled, TokenState::Expired]) {
            let page = stage.service.tokens().org().find_detail(&admin, token).await.unwrap();
            let info = stage.info(&admin, ObjectType::Dashboard, dashboard).await.unwrap();
            let (_, used) = info.created.unwrap().detail.unwrap().token.unwrap();
            assert_eq!((page.org_token.state, used.state), (expected, expected));
        }
    }

    async fn other_readers_see_actor_and_time_and_nothing_of_objects_they_may_not_read(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Power).await;
        let reader = stage.caller("Eve", Role::ReadOnly).await;
        let open = stage.dashboard(&ada, json!({"name": "Open"})).await;
        let entry = json!({"principalId": ada.actor().id(), "principalType": "USER", "actions": ["READ", "WRITE"]});
        let closed = stage.dashboard(&ada, json!({"name": "Closed", "permissions": {"acl": [entry]}})).await;

        let info = stage.info(&reader, ObjectType::Dashboard, open.id).await.unwrap();
        let (created, updated) = (info.created.unwrap(), info.updated.unwrap());
        assert_eq!(created.actor_name, "Ada");
        assert_eq!((created.detail, updated.detail, info.history), (None, None, None));
        assert_eq!(info.updated_fields, Vec::<String>::new());

        let denied = stage.info(&reader, ObjectType::Dashboard, closed.id).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))), "{denied:?}");
        let missing = stage.info(&reader, ObjectType::Dashboard, Id::from_bits(7)).await;
        assert!(matches!(missing, Err(ServiceError::NotFound(_))), "{missing:?}");
        let other = stage.info(&reader, ObjectType::Chart, open.id).await;
        assert!(matches!(other, Err(ServiceError::NotFound(_))), "the id of a dashboard is not found as a chart: {other:?}");
    }
}
