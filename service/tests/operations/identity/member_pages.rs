//! What administrators see of members: sessions and tokens, the owner of a token, and pending invitations.

use domain::{
    audit::event::Action,
    identity::{actor::Caller, member::InvitationDraft, role::Role},
    platform::{limits, page::OffsetPage},
    tokens::token::TokenDigest,
};
use serde_json::json;
use service::ServiceError;
use sha2::{Digest, Sha256};
use testbed::on_both;

use crate::{
    objects::support::document,
    support::{Stage, request},
};

on_both! {
    async fn an_administrator_sees_a_members_sessions_and_tokens_and_ends_them(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let token = stage.token(&ada.email).await;
        let browser = stage.browser(&ada.email).await;
        let runs = stage.service.identity().members().find_belongings(&admin, ada.id).await.unwrap();
        assert_eq!((runs.sessions.len(), runs.tokens.len(), runs.teams.len()), (1, 1, 0));
        assert_eq!(runs.token_count, 1);
        let denied = stage.service.identity().members().find_belongings(&browser, ada.id).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))));
        let denied = stage.service.identity().sign_member_out(&browser, ada.id).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))));

        let digest = TokenDigest(Sha256::digest(token.as_bytes()).into());
        let found = stage.service.tokens().find_by_digest(&admin, &digest).await.unwrap().unwrap();
        assert_eq!((found.owner_email.as_str(), found.token.id), (ada.email.as_str(), runs.tokens[0].token.id));
        let nothing = stage.service.tokens().find_by_digest(&admin, &TokenDigest([0; 32])).await.unwrap();
        assert!(nothing.is_none());
        let denied = stage.service.tokens().find_by_digest(&browser, &digest).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))));

        stage.service.identity().sign_member_out(&admin, ada.id).await.unwrap();
        let rejected = stage.service.tokens().authenticate(token.as_bytes(), request()).await;
        assert!(matches!(rejected, Err(ServiceError::Unauthenticated)));
        let runs = stage.service.identity().members().find_belongings(&admin, ada.id).await.unwrap();
        assert_eq!((runs.sessions.len(), runs.tokens.len(), runs.token_count), (0, 0, 0));
        let history = stage.service.identity().members().history(&admin, ada.id).await.unwrap();
        let actions: Vec<_> = history.iter().map(|recorded| recorded.event.action).collect();
        assert_eq!(actions, [Action::SignIn, Action::Issue]);
    }

    async fn the_page_of_a_member_lists_the_newest_of_many_tokens_and_counts_all(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        for number in 0..52 {
            stage.service.tokens().generate(&browser, &number.to_string()).await.unwrap();
            stage.pass_millis(1);
        }
        let many = stage.service.identity().members().find_belongings(&admin, ada.id).await.unwrap();
        assert_eq!((many.tokens.len(), many.token_count), (50, 52));
        assert_eq!(many.tokens[0].token.name, "51");
    }

    async fn invitations_are_listed_until_they_are_withdrawn(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.browser(&stage.member("Grace", Role::Admin).await.email).await;
        let draft = InvitationDraft::read(&document(json!({"email": "new@example.com"}))).unwrap();
        let invited = stage.service.identity().invitations().invite(&admin, &draft).await.unwrap();
        let pages = stage.service.identity().invitations().clone();
        let page = async |caller: &Caller| pages.page(caller, "NEW@", OffsetPage { limit: 50, offset: 0 }).await;
        let pending = page(&admin).await.unwrap().results;
        assert_eq!((pending.len(), pending[0].email.as_str(), pending[0].created_by.as_str()), (1, "new@example.com", "Grace"));
        stage.service.identity().invitations().withdraw(&admin, invited.id).await.unwrap();
        assert_eq!(page(&admin).await.unwrap().count, 0);
        assert_eq!(stage.service.identity().invitations().find(invited.claim.reveal()).await.unwrap(), None);
        let again = stage.service.identity().invitations().withdraw(&admin, invited.id).await;
        assert!(matches!(again, Err(ServiceError::NotFound(_))));
        let power = stage.caller("Ada", Role::Power).await;
        assert!(matches!(page(&power).await, Err(ServiceError::Denied(_))));
    }

    async fn a_value_encrypted_for_the_next_page_opens_only_in_that_browser_and_briefly(database: Database) {
        let stage = Stage::set_up(database).await;
        let email = stage.member("Grace", Role::Admin).await.email;
        let (one, other) = (stage.browser(&email).await, stage.browser(&email).await);
        let encrypted = stage.service.tokens().encrypt_for_next_page(&one, "a link");
        assert_eq!(stage.service.tokens().decrypt_for_next_page(&one, &encrypted).as_deref(), Some("a link"));
        assert_eq!(stage.service.tokens().decrypt_for_next_page(&other, &encrypted), None);
        stage.pass_millis(1_000 * limits::REVEAL_LIFETIME_SECONDS);
        assert_eq!(stage.service.tokens().decrypt_for_next_page(&one, &encrypted), None);
    }
}
