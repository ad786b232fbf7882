//! Sign-in, sessions, and first-time set-up.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::{
    audit::event::Action,
    identity::role::{Role, RoleSet},
    platform::{
        id::{Id, SessionId},
        limits,
    },
};
use service::{NewMember, ServiceError};
use testbed::on_both;

use crate::support::{PASSWORD, START, Stage, request, request_from};

fn administrator() -> NewMember {
    NewMember {
        email: "ada@example.com".to_owned(),
        full_name: "Ada".to_owned(),
        password: PASSWORD.to_owned(),
        roles: RoleSet::default(),
    }
}

on_both! {
    async fn unknown_accounts_wrong_passwords_and_disabled_members_get_the_same_error(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let off = stage.member("Off", Role::Power).await;
        stage.service.identity().members().disable(&admin, off.id).await.unwrap();
        let tries = [
            ("unknown@example.com", PASSWORD),
            (ada.email.as_str(), "wrong horse battery staple"),
            (ada.email.as_str(), ""),
            (off.email.as_str(), PASSWORD),
            ("", ""),
            ("not an address", PASSWORD),
            ("ada\u{0}@example.com", "\u{0}"),
        ];
        for (email, password) in tries {
            let answer = stage.service.identity().sign_in(email, password, &request()).await;
            assert!(matches!(answer, Err(ServiceError::SignInFailed)), "{email}: {answer:?}");
        }
        assert!(stage.service.identity().sign_in(" ADA@example.com ", PASSWORD, &request()).await.is_ok());
    }

    async fn a_member_ends_another_session_of_their_own_and_its_tokens_end_with_it(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let (here, there) = (stage.browser(&ada.email).await, stage.browser(&ada.email).await);
        let kept = stage.service.tokens().generate(&here, "kept").await.unwrap();
        let ended = stage.service.tokens().generate(&there, "ended").await.unwrap();
        let lasting = stage.token(&ada.email).await;
        let id = there.session_id().unwrap();

        stage.service.identity().end_session(&here, id).await.unwrap();
        let open = stage.service.identity().list_sessions(&here).await.unwrap();
        assert_eq!(open.iter().map(|listed| Some(listed.session.id)).collect::<Vec<_>>(), [here.session_id()]);
        for (secret, works) in [(kept.secret.reveal(), true), (ended.secret.reveal(), false), (&lasting, true)] {
            let verified = stage.service.tokens().authenticate(secret.as_bytes(), request()).await;
            assert_eq!(verified.is_ok(), works);
        }
        stage.service.identity().end_session(&here, id).await.unwrap();
    }

    async fn only_its_member_or_an_administrator_can_end_a_session(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let other = stage.caller("Karen", Role::Power).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let id = browser.session_id().unwrap();
        let rejected = stage.service.identity().end_session(&other, id).await;
        assert!(matches!(rejected, Err(ServiceError::NotFound(_))), "{rejected:?}");
        let missing = stage.service.identity().end_session(&admin, SessionId(Id::from_bits(1))).await;
        assert!(matches!(missing, Err(ServiceError::NotFound(_))), "{missing:?}");
        assert_eq!(stage.service.identity().list_sessions(&browser).await.unwrap().len(), 1);

        stage.service.identity().end_session(&admin, id).await.unwrap();
        assert!(stage.service.identity().list_sessions(&browser).await.unwrap().is_empty());
        let history = stage.service.identity().members().history(&admin, admin.user().unwrap().id).await.unwrap();
        let event = &history[0].event;
        assert_eq!((event.action, event.object.id, event.object.name.as_str()), (Action::SignOut, id.0, ada.email.as_str()));
    }

    async fn a_session_shows_its_last_use_although_reading_writes_nothing(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let there = stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.unwrap();
        let here = stage.browser(&ada.email).await;
        let last_seen = |sessions: Vec<domain::identity::session::ListedSession>, id| {
            sessions.into_iter().find(|listed| listed.session.id == id).unwrap().session.last_used_at
        };
        let mine = stage.service.identity().list_sessions(&here).await.unwrap();
        assert_eq!(last_seen(mine.clone(), there.session.id), None, "the session has opened no page yet");
        assert_eq!(last_seen(mine, here.session_id().unwrap()), Some(START));

        stage.pass_millis(2_000);
        stage.service.identity().authenticate_session(there.cookie.reveal(), request()).await.unwrap().unwrap();
        let theirs = stage.service.identity().members().find_belongings(&admin, ada.id).await.unwrap().sessions;
        assert_eq!(last_seen(theirs, there.session.id), Some(START.plus_millis(2_000)));

        stage.pass_millis(1);
        stage.service.identity().authenticate_session(there.cookie.reveal(), request()).await.unwrap().unwrap();
        stage.service.close().await.unwrap();
        let after = stage.another_node().await;
        let mine = after.identity().list_sessions(&here).await.unwrap();
        assert_eq!(last_seen(mine, there.session.id), Some(START.plus_millis(2_001)));
    }

    async fn a_sign_in_that_disabling_overtakes_opens_no_session(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let identity = stage.service.identity();
        for round in 0..4 {
            let disabled = AtomicBool::new(false);
            let disable = async {
                stage.pass_millis(1);
                identity.members().disable(&admin, ada.id).await.unwrap();
                disabled.store(true, Ordering::SeqCst);
            };
            let sign_in = async |address: &str| {
                let mut cookies = Vec::new();
                while !disabled.load(Ordering::SeqCst) {
                    let signed_in = identity.sign_in(&ada.email, PASSWORD, &request_from(address)).await;
                    cookies.extend(signed_in.map(|signed_in| signed_in.cookie));
                }
                cookies
            };
            let (_, one, two) = tokio::join!(disable, sign_in("198.51.100.1"), sign_in("198.51.100.2"));
            identity.members().enable(&admin, ada.id).await.unwrap();
            for cookie in one.into_iter().chain(two) {
                let live = identity.authenticate_session(cookie.reveal(), request()).await.unwrap();
                assert!(live.is_none(), "round {round}");
            }
            identity.sign_in(&ada.email, PASSWORD, &request()).await.unwrap();
        }
    }

    async fn a_set_up_link_works_once_and_expires(database: Database) {
        let stage = Stage::empty(database).await;
        let service = &stage.service;
        assert!(service.identity().needs_setup().await.unwrap());
        let old = service.identity().issue_claim().await.unwrap();
        let claim = service.identity().issue_claim().await.unwrap();
        assert!(!service.identity().is_claim_valid(old.reveal()).await.unwrap(), "only the newest link works");
        assert!(service.identity().is_claim_valid(claim.reveal()).await.unwrap());
        stage.pass_millis(limits::CLAIM_LIFETIME_SECONDS * 1_000);
        assert!(!service.identity().is_claim_valid(claim.reveal()).await.unwrap());

        let claim = service.identity().issue_claim().await.unwrap();
        let weak = NewMember { password: "short".to_owned(), ..administrator() };
        let rejected = service.identity().set_up(claim.reveal(), "Engines", &weak, &request()).await;
        assert!(matches!(rejected, Err(ServiceError::Rejected(_))), "{rejected:?}");
        assert!(service.identity().is_claim_valid(claim.reveal()).await.unwrap(), "a rejected form does not consume the link");

        let (ada, request) = (administrator(), request());
        let both = tokio::join!(
            service.identity().set_up(claim.reveal(), "Engines", &ada, &request),
            service.identity().set_up(claim.reveal(), "Engines", &ada, &request),
        );
        assert!(both.0.is_ok() != both.1.is_ok(), "one of two concurrent set-ups succeeds: {both:?}");
        assert!(!service.identity().is_claim_valid(claim.reveal()).await.unwrap());
        assert!(matches!(service.identity().issue_claim().await, Err(ServiceError::Conflict(_))));
        let ada = stage.browser("ada@example.com").await;
        assert!(ada.actor().has_administrator_role());
    }
}
