//! Operations that need the password again in a session.

use domain::{
    identity::{
        actor::Caller,
        member::InvitationDraft,
        role::{Role, RoleSet},
    },
    platform::{id::UserId, limits},
};
use serde_json::json;
use service::{Service, ServiceError};
use testbed::on_both;

use crate::support::{PASSWORD, Stage, request};

/// Runs each operation that needs the password; returns those that demand it.
async fn demanding(stage: &Stage, caller: &Caller, other: UserId) -> Vec<&'static str> {
    let identity = stage.service.identity();
    let (members, tokens) = (identity.members(), stage.service.tokens());
    let invitation = json!({ "email": "new@example.com" });
    let draft = InvitationDraft::read(invitation.as_object().unwrap()).unwrap();
    let (token, session) = belongings(&stage.service, other).await;
    let org_token = default_token(&stage.service).await;
    let roles = RoleSet::of(&[Role::Usage]);
    let temporary = |disabled: bool| json!({"name": "temporary", "disabled": disabled});
    let [new, disabled] = [false, true]
        .map(temporary)
        .map(|given| given.as_object().unwrap().clone());
    let issued = tokens.org().issue(caller, &new).await.map(drop);
    let changed = tokens
        .org()
        .update(
            caller,
            if issued.is_ok() {
                "temporary"
            } else {
                "Default"
            },
            &disabled,
        )
        .await
        .map(drop);
    let deleted = tokens
        .org()
        .delete(
            caller,
            if issued.is_ok() {
                "temporary"
            } else {
                "Default"
            },
        )
        .await;
    let outcomes = [
        ("roles", members.set_roles(caller, other, roles).await),
        ("issue", issued),
        ("change", changed),
        ("delete", deleted),
        (
            "reveal",
            tokens.org().reveal(caller, org_token).await.map(drop),
        ),
        ("revoke", tokens.revoke(caller, token).await),
        (
            "revoke all",
            tokens.revoke_all_of_user(caller, other).await.map(drop),
        ),
        ("session", identity.end_session(caller, session).await),
        ("sign out", identity.sign_member_out(caller, other).await),
        ("disable", members.disable(caller, other).await),
        (
            "invite",
            identity
                .invitations()
                .invite(caller, &draft)
                .await
                .map(drop),
        ),
        ("remove", members.remove(caller, other).await),
    ];
    let mut demanding = Vec::new();
    for (name, outcome) in outcomes {
        match outcome {
            Ok(()) => {}
            Err(ServiceError::PasswordNeeded(_)) => demanding.push(name),
            Err(error) => panic!("{name}: {error:?}"),
        }
    }
    demanding
}

/// A live token and an open session of a member.
async fn belongings(
    service: &Service,
    id: UserId,
) -> (
    domain::platform::id::TokenId,
    domain::platform::id::SessionId,
) {
    let system = service.system_caller().await.unwrap();
    let found = service
        .identity()
        .members()
        .find_belongings(&system, id)
        .await
        .unwrap();
    (found.tokens[0].token.id, found.sessions[0].session.id)
}

/// The org token that every organization has.
async fn default_token(service: &Service) -> domain::platform::id::Id {
    let system = service.system_caller().await.unwrap();
    service
        .tokens()
        .org()
        .find(&system, "Default")
        .await
        .unwrap()
        .token
        .id
}

/// A member with a session and a token.
async fn member(stage: &Stage, name: &str) -> UserId {
    let member = stage.member(name, Role::Power).await;
    stage.browser(&member.email).await;
    stage.token(&member.email).await;
    member.id
}

on_both! {
    async fn a_session_needs_the_password_again_for_rights_secrets_and_tokens_of_others(database: Database) {
        let stage = Stage::set_up(database).await;
        let grace = stage.member("Grace", Role::Admin).await;
        let identity = stage.service.identity();
        let signed_in = identity.sign_in(&grace.email, PASSWORD, &request()).await.unwrap();
        let caller = async || {
            identity.authenticate_session(signed_in.cookie.reveal(), request()).await.unwrap().unwrap()
        };
        let ada = member(&stage, "Ada").await;
        stage.pass_millis(limits::PASSWORD_VALID_SECONDS * 1_000);
        let all = ["roles", "issue", "change", "delete", "reveal", "revoke", "revoke all", "session", "sign out", "disable", "invite", "remove"];
        assert_eq!(demanding(&stage, &caller().await, ada).await, all);

        let wrong = identity.confirm_password(&caller().await, "wrong", None).await;
        assert!(matches!(wrong, Err(ServiceError::Rejected(_))), "{wrong:?}");
        assert_eq!(demanding(&stage, &caller().await, ada).await, all);

        identity.confirm_password(&caller().await, PASSWORD, None).await.unwrap();
        stage.pass_millis(limits::PASSWORD_VALID_SECONDS * 1_000 - 1);
        assert_eq!(demanding(&stage, &caller().await, ada).await, [""; 0]);
    }

    async fn tokens_and_the_command_line_need_no_password_and_members_not_for_their_own(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let karen = stage.member("Karen", Role::Power).await;
        let browser = stage.browser(&karen.email).await;
        let issued = stage.service.tokens().generate(&browser, "").await.unwrap();
        let (ada, bob) = (member(&stage, "Ada").await, member(&stage, "Bob").await);
        stage.pass_millis(limits::PASSWORD_VALID_SECONDS * 1_000);
        assert_eq!(demanding(&stage, &admin, ada).await, [""; 0]);
        let system = stage.service.system_caller().await.unwrap();
        stage.service.identity().members().disable(&system, bob).await.unwrap();
        stage.service.tokens().revoke(&browser, issued.token.id).await.unwrap();
        stage.service.identity().sign_out_everywhere(&browser).await.unwrap();
    }

    async fn wrong_passwords_in_a_session_are_limited_like_sign_ins(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        for _ in 0..limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            assert!(stage.service.identity().confirm_password(&browser, "wrong", None).await.is_err());
        }
        let limited = stage.service.identity().confirm_password(&browser, PASSWORD, None).await;
        assert!(matches!(limited, Err(ServiceError::Limited { .. })), "{limited:?}");
    }

    async fn a_session_that_has_ended_confirms_no_password(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let identity = stage.service.identity();
        let (browser, other) = (stage.browser(&ada.email).await, stage.browser(&ada.email).await);
        identity.end_session(&other, browser.session_id().unwrap()).await.unwrap();
        let confirmed = identity.confirm_password(&browser, PASSWORD, None).await;
        assert!(matches!(confirmed, Err(ServiceError::Unauthenticated)), "{confirmed:?}");
    }
}
