//! The lifecycle of a user API access token, from issue to expiry or revocation.

use crate::support::{PASSWORD, START, Stage, request, request_from};
use domain::{
    audit::event::{Action, ObjectType, Outcome},
    identity::{
        actor::Caller,
        credential::TokenKind,
        role::{Role, RoleSet},
    },
    platform::{limits, page::OffsetPage},
    tokens::token::TokenState,
};
use service::{AuditRange, Service, ServiceError, TokenOrder, TokenSearch, TokenView};
use testbed::on_both;

const DAYS_30_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;

async fn works(service: &Service, token: &str) -> bool {
    match service
        .tokens()
        .authenticate(token.as_bytes(), request())
        .await
    {
        Ok(_) => true,
        Err(ServiceError::Unauthenticated) => false,
        Err(other) => panic!("unexpected error: {other:?}"),
    }
}

async fn mine(service: &Service, caller: &Caller) -> Vec<TokenView> {
    let page = OffsetPage {
        limit: 50,
        offset: 0,
    };
    let found = service
        .tokens()
        .page_mine(caller, &TokenSearch::default(), page)
        .await;
    found.unwrap().results
}

on_both! {
    async fn a_generated_token_authenticates_as_its_user_until_sign_out(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let issued = stage.service.tokens().generate(&browser, "deploy").await.unwrap();
        let secret = issued.secret.reveal().to_owned();
        let other = stage.token(&ada.email).await;

        let caller = stage.service.tokens().authenticate(secret.as_bytes(), request()).await.unwrap();
        assert_eq!(caller.user().unwrap().id, ada.id);
        assert_eq!(caller.identity.credential.as_ref().unwrap().kind, TokenKind::Ui);

        stage.service.identity().sign_out(&browser).await.unwrap();
        assert!(!works(&stage.service, &secret).await, "a generated token ends at sign-out");
        assert!(works(&stage.service, &other).await, "a token of POST /v2/session stays live after sign-out");
        let views = mine(&stage.service, &caller).await;
        let states: Vec<_> = views.iter().map(|view| (view.token.kind, view.state)).collect();
        assert!(states.contains(&(TokenKind::Ui, TokenState::LoggedOut)), "{states:?}");
        assert!(states.contains(&(TokenKind::ApiSession, TokenState::Active)), "{states:?}");
    }

    async fn a_token_expires_at_the_millisecond_its_thirty_days_end(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        stage.pass_millis(20 * 24 * 60 * 60 * 1_000);
        let generated = stage.service.tokens().generate(&browser, "").await.unwrap();
        let secret = generated.secret.reveal().to_owned();
        assert_eq!(
            generated.token.expires_at.as_millis() - generated.token.created_at.as_millis(),
            DAYS_30_MILLIS
        );

        stage.pass_millis(DAYS_30_MILLIS - 1);
        assert!(works(&stage.service, &secret).await, "it is live although it is cached and its session is 50 days old");
        assert!(works(&stage.another_node().await, &secret).await, "it is also live on a node that has not cached it");
        stage.pass_millis(1);
        assert!(!works(&stage.service, &secret).await);
        assert!(!works(&stage.another_node().await, &secret).await);
    }

    async fn a_revoked_token_is_rejected_immediately_and_on_every_node(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let issued = stage.service.tokens().generate(&browser, "").await.unwrap();
        let secret = issued.secret.reveal().to_owned();
        let other_node = stage.another_node().await;
        assert!(works(&stage.service, &secret).await && works(&other_node, &secret).await);

        stage.service.tokens().revoke(&browser, issued.token.id).await.unwrap();
        assert!(!works(&stage.service, &secret).await);
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(1);
        while works(&other_node, &secret).await {
            assert!(std::time::Instant::now() < deadline, "another node still accepts it after a second");
            tokio::task::yield_now().await;
        }
        stage.service.tokens().revoke(&browser, issued.token.id).await.unwrap();
        assert_eq!(events(&stage, Action::Revoke).await, 1, "revoking twice is logged once");
    }

    async fn removing_a_role_takes_effect_on_live_tokens(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Admin).await;
        let token = stage.token(&ada.email).await;
        let roles = async || {
            let caller = stage.service.tokens().authenticate(token.as_bytes(), request()).await.unwrap();
            caller.actor().roles()
        };
        assert!(roles().await.is_admin());
        stage.service.identity().members().set_roles(&admin, ada.id, RoleSet::of(&[Role::ReadOnly])).await.unwrap();
        assert_eq!(roles().await, RoleSet::of(&[Role::ReadOnly]));
    }

    async fn tokens_of_disabled_and_removed_users_are_rejected(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let token = stage.token(&ada.email).await;
        assert!(works(&stage.service, &token).await);

        stage.service.identity().members().disable(&admin, ada.id).await.unwrap();
        assert!(!works(&stage.service, &token).await);
        let rejected = stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await;
        assert!(matches!(rejected, Err(ServiceError::SignInFailed)));

        stage.service.identity().members().enable(&admin, ada.id).await.unwrap();
        assert!(works(&stage.service, &token).await, "a token that was not revoked is live again");
        stage.service.identity().members().remove(&admin, ada.id).await.unwrap();
        assert!(!works(&stage.service, &token).await);
    }

    async fn the_last_administrator_cannot_be_removed(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let id = admin.user().unwrap().id;
        let rejected = [
            stage.service.identity().members().set_roles(&admin, id, RoleSet::of(&[Role::Power])).await,
            stage.service.identity().members().disable(&admin, id).await,
            stage.service.identity().members().remove(&admin, id).await,
        ];
        for answer in rejected {
            assert!(matches!(answer, Err(ServiceError::Rejected(_))), "{answer:?}");
        }
        let system = stage.service.system_caller().await.unwrap();
        let members = stage.service.identity().members().list(&system).await.unwrap();
        assert!(members.iter().any(|member| member.id == id && member.roles.is_admin()));
    }

    async fn sign_out_everywhere_ends_every_session_and_token(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let here = stage.browser(&ada.email).await;
        let signed_in = stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.unwrap();
        let tokens = [
            stage.token(&ada.email).await,
            stage.service.tokens().generate(&here, "").await.unwrap().secret.reveal().to_owned(),
        ];
        stage.service.identity().sign_out_everywhere(&here).await.unwrap();
        for token in &tokens {
            assert!(!works(&stage.service, token).await);
        }
        let there =
            stage.service.identity().authenticate_session(signed_in.cookie.reveal(), request()).await.unwrap();
        assert!(there.is_none());
    }

    async fn a_token_is_shown_once_after_a_redirect(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let elsewhere = stage.browser(&ada.email).await;
        let issued = stage.service.tokens().generate(&browser, "").await.unwrap();
        let encrypted = stage.service.tokens().encrypt_reveal(&browser, &issued);
        assert!(!encrypted.contains(issued.secret.reveal()));

        assert!(stage.service.tokens().decrypt_reveal(&elsewhere, &encrypted).await.unwrap().is_none(), "another browser cannot open it");
        assert!(stage.service.tokens().decrypt_reveal(&browser, "00ff").await.unwrap().is_none());
        assert!(stage.service.tokens().decrypt_reveal(&browser, "é").await.unwrap().is_none());
        let shown = stage.service.tokens().decrypt_reveal(&browser, &encrypted).await.unwrap().expect("the first opening returns the secret");
        assert_eq!(shown.secret, issued.secret);
        assert!(stage.service.tokens().decrypt_reveal(&browser, &encrypted).await.unwrap().is_none(), "it opens only once");

        let late = stage.service.tokens().generate(&browser, "").await.unwrap();
        let encrypted = stage.service.tokens().encrypt_reveal(&browser, &late);
        stage.pass_millis(limits::REVEAL_LIFETIME_SECONDS * 1_000);
        assert!(stage.service.tokens().decrypt_reveal(&browser, &encrypted).await.unwrap().is_none(), "it expires");
    }

    async fn a_user_has_any_number_of_tokens_and_finds_them_by_page_and_search(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let eve = stage.browser(&stage.member("Eve", Role::Power).await.email).await;
        let of_eve = stage.service.tokens().generate(&eve, "eve").await.unwrap();
        for number in 0..520 {
            stage.pass_millis(1);
            stage.service.tokens().generate(&browser, &format!("job {number}")).await.unwrap();
        }
        let tokens = stage.service.tokens();
        let page = async |search: &TokenSearch, offset| {
            let page = OffsetPage { limit: 50, offset };
            let found = tokens.page_mine(&browser, search, page).await.unwrap();
            (found.count, found.results.into_iter().map(|view| view.token.name).collect::<Vec<_>>())
        };
        for order in [TokenOrder::Created, TokenOrder::Used, TokenOrder::Ends, TokenOrder::Owner, TokenOrder::Name] {
            let search = TokenSearch { order, descending: true, ..TokenSearch::default() };
            let (count, last) = page(&search, 500).await;
            assert_eq!((count, last.len()), (520, 20), "{order:?}");
        }
        let newest = TokenSearch { descending: true, ..TokenSearch::default() };
        assert_eq!(page(&newest, 0).await.1[0], "job 519");
        let named = |text: &str| TokenSearch { text: text.to_owned(), ..TokenSearch::default() };
        assert_eq!(page(&named("JOB 51"), 0).await.0, 11);
        assert_eq!(page(&named("eve"), 0).await.0, 0, "tokens of others are not found");

        let revoked = stage.service.tokens().revoke_all_of_user(&stage.caller("Grace", Role::Admin).await, ada.id).await;
        assert_eq!(revoked.unwrap(), 520);
        assert_eq!(page(&TokenSearch { live: Some(true), ..TokenSearch::default() }, 0).await.0, 0);
        assert_eq!(page(&TokenSearch { live: Some(false), ..TokenSearch::default() }, 0).await.0, 520);
        assert!(works(&stage.service, of_eve.secret.reveal()).await);
    }

    async fn only_administrators_see_or_revoke_tokens_of_other_members(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let eve = stage.caller("Eve", Role::Power).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let issued = stage.service.tokens().generate(&browser, "").await.unwrap();
        let id = issued.token.id;

        assert!(matches!(stage.service.tokens().find(&eve, id).await, Err(ServiceError::NotFound(_))));
        assert!(matches!(stage.service.tokens().revoke(&eve, id).await, Err(ServiceError::NotFound(_))));
        assert!(matches!(stage.service.tokens().list_all(&eve).await, Err(ServiceError::Denied(_))));
        assert!(works(&stage.service, issued.secret.reveal()).await);

        assert_eq!(stage.service.tokens().find(&admin, id).await.unwrap().owner_name, "Ada");
        stage.service.tokens().revoke(&admin, id).await.unwrap();
        assert!(!works(&stage.service, issued.secret.reveal()).await);
    }

    async fn all_live_tokens_of_a_user_are_revoked_at_once_and_no_others(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let eve = stage.caller("Eve", Role::Power).await;
        let (ada, bob) = (stage.member("Ada", Role::Power).await, stage.member("Bob", Role::Power).await);
        let of_ada = [stage.token(&ada.email).await, stage.token(&ada.email).await];
        let of_bob = stage.token(&bob.email).await;
        let tokens = stage.service.tokens();

        assert!(matches!(tokens.list_of_user(&eve, ada.id).await, Err(ServiceError::Denied(_))));
        assert!(matches!(tokens.revoke_all_of_user(&eve, ada.id).await, Err(ServiceError::Denied(_))));
        assert_eq!(tokens.list_of_user(&admin, ada.id).await.unwrap().len(), 2);
        assert_eq!(tokens.revoke_all_of_user(&admin, ada.id).await.unwrap(), 2);
        for token in &of_ada {
            assert!(!works(&stage.service, token).await);
        }
        assert!(works(&stage.service, &of_bob).await);
        assert_eq!(tokens.revoke_all_of_user(&admin, ada.id).await.unwrap(), 0, "nothing is left to revoke");
        assert_eq!(events(&stage, Action::Revoke).await, 2);
    }

    async fn last_uses_are_shown_although_reading_writes_nothing(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let token = stage.token(&ada.email).await;
        let caller =
            stage.service.tokens().authenticate(token.as_bytes(), request_from("198.51.100.9")).await.unwrap();
        let used = |views: Vec<service::TokenView>| views[0].token.last_used.clone().unwrap();
        assert_eq!(used(mine(&stage.service, &caller).await).address, "198.51.100.9");

        stage.pass_millis(2_000);
        stage.service.tokens().authenticate(token.as_bytes(), request_from("198.51.100.10")).await.unwrap();
        stage.service.close().await.unwrap();
        let after = stage.another_node().await;
        let last = used(mine(&after, &caller).await);
        assert_eq!((last.address.as_str(), last.at), ("198.51.100.10", START.plus_millis(2_000)));
    }

    async fn a_use_that_one_page_is_storing_is_shown_on_another(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let token = stage.token(&ada.email).await;
        let caller = stage.service.tokens().authenticate(token.as_bytes(), request_from("198.51.100.9")).await.unwrap();
        let (sessions, tokens) = tokio::join!(stage.service.identity().list_sessions(&caller), mine(&stage.service, &caller));
        sessions.unwrap();
        assert!(tokens[0].token.last_used.is_some());
    }
}

async fn events(stage: &Stage, action: Action) -> usize {
    let auditor = stage.caller("Auditor", Role::Admin).await;
    let range = AuditRange {
        from: START.plus_days(-1),
        to: START.plus_days(400),
        actor_id: None,
        token_id: None,
        object_id: None,
        newest_first: false,
    };
    let mut found = 0;
    let count = |recorded: service::RecordedEvent| {
        let event = recorded.event;
        let matches = event.action == action
            && event.object.kind == ObjectType::Token
            && event.outcome == Outcome::Done;
        found += usize::from(matches);
        true
    };
    stage
        .service
        .audit()
        .walk_events(&auditor, &range, count)
        .await
        .unwrap();
    found
}
