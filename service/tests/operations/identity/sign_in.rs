//! Sign-in, rate limits for failed attempts, password changes, sessions, and first-time set-up.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use argon2::{Argon2, PasswordHasher as _, password_hash::SaltString};

use crate::support::{PASSWORD, START, Stage, request, request_from};
use domain::{
    audit::event::Action,
    identity::actor::RequestMeta,
    identity::role::{Role, RoleSet},
    platform::{
        id::{Id, SessionId},
        limits,
    },
};
use service::{NewMember, ServiceError};
use testbed::on_both;

fn administrator() -> NewMember {
    NewMember {
        email: "ada@example.com".to_owned(),
        full_name: "Ada".to_owned(),
        password: PASSWORD.to_owned(),
        roles: RoleSet::default(),
    }
}

/// Fails this many sign-ins of an account.
async fn fail(stage: &Stage, email: &str, from: &RequestMeta, count: i64) {
    for _ in 0..count {
        let failed = stage.service.identity().sign_in(email, "wrong", from).await;
        assert!(
            matches!(failed, Err(ServiceError::SignInFailed)),
            "{failed:?}"
        );
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

    async fn ten_failures_limit_an_account_in_their_network_until_the_window_ends(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let (attacker, other) = (request_from("198.51.100.1"), request_from("198.51.100.2"));
        fail(&stage, &ada.email, &attacker, limits::SIGN_IN_FAILURES_PER_ACCOUNT).await;
        let right = stage.service.identity().sign_in(&ada.email, PASSWORD, &attacker).await;
        assert!(matches!(right, Err(ServiceError::Limited { .. })), "the correct password is limited too: {right:?}");
        // The owner signs in elsewhere, which does not forgive the attacker.
        assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &other).await.is_ok());
        let right = stage.service.identity().sign_in(&ada.email, PASSWORD, &attacker).await;
        assert!(matches!(right, Err(ServiceError::Limited { .. })), "{right:?}");
        stage.pass_millis(limits::SIGN_IN_WINDOW_SECONDS * 1_000);
        assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &attacker).await.is_ok());
    }

    async fn an_account_that_is_guessed_from_many_networks_is_open_to_known_ones(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Admin).await;
        let identity = stage.service.identity();
        let (office, script) = (request_from("2001:db8:1::1"), request_from("192.0.2.9"));
        identity.sign_in(&ada.email, PASSWORD, &office).await.unwrap();
        identity.issue_session_token(&ada.email, PASSWORD, None, &script).await.unwrap();
        let networks = limits::SIGN_IN_FAILURES_PER_ACCOUNT_IN_TOTAL / limits::SIGN_IN_FAILURES_PER_ACCOUNT;
        for place in 0..networks {
            let from = request_from(&format!("198.51.100.{place}"));
            fail(&stage, &ada.email, &from, limits::SIGN_IN_FAILURES_PER_ACCOUNT).await;
        }
        let stranger = identity.sign_in(&ada.email, PASSWORD, &request_from("203.0.113.1")).await;
        assert!(matches!(stranger, Err(ServiceError::Limited { .. })), "{stranger:?}");
        let colleague = request_from("2001:db8:1::2");
        assert!(identity.sign_in(&ada.email, PASSWORD, &colleague).await.is_ok());
        assert!(identity.issue_session_token(&ada.email, PASSWORD, None, &script).await.is_ok());
    }

    async fn an_administrator_unlocks_an_account(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let members = stage.service.identity().members();
        let other = "another long password";
        for unlocks_by_password in [false, true] {
            fail(&stage, &ada.email, &request(), limits::SIGN_IN_FAILURES_PER_ACCOUNT).await;
            assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.is_err());
            let password = if unlocks_by_password {
                members.set_password(&admin, ada.id, other).await.unwrap();
                other
            } else {
                members.unlock(&admin, ada.id).await.unwrap();
                PASSWORD
            };
            assert!(stage.service.identity().sign_in(&ada.email, password, &request()).await.is_ok());
        }
        let karen = stage.caller("Karen", Role::Power).await;
        assert!(matches!(members.unlock(&karen, ada.id).await, Err(ServiceError::Denied(_))));
        let unlocked = stage.history(ada.id.0).await.into_iter().filter(|event| event.action == Action::Unlock);
        assert_eq!(unlocked.count(), 1);
    }

    async fn the_addresses_of_an_ipv6_network_are_limited_together(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.member("Ada", Role::Power).await;
        let identity = stage.service.identity();
        let guess = async |address: String| identity.sign_in("unknown@example.com", "wrong", &request_from(&address)).await;
        for place in 0..limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            assert!(matches!(guess(format!("2001:db8:1:1::{place}")).await, Err(ServiceError::SignInFailed)));
        }
        assert!(matches!(guess("2001:db8:1:1::ffff".to_owned()).await, Err(ServiceError::Limited { .. })));
        // Other accounts and subnets of the site are limited later.
        let left = limits::SIGN_IN_FAILURES_PER_SITE - limits::SIGN_IN_FAILURES_PER_ACCOUNT;
        for place in 0..left {
            let address = format!("2001:db8:1:{:x}::1", 2 + place);
            let guess = identity.sign_in(&format!("user{place}@example.com"), "wrong", &request_from(&address)).await;
            assert!(matches!(guess, Err(ServiceError::SignInFailed)), "{place}");
        }
        assert!(matches!(guess("2001:db8:1:ffff::1".to_owned()).await, Err(ServiceError::Limited { .. })));
        assert!(matches!(guess("2001:db8:2::1".to_owned()).await, Err(ServiceError::SignInFailed)));
    }

    async fn a_password_is_accepted_in_each_unicode_form(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let (composed, decomposed) = ("zwölf bärtige Löwen", "zwo\u{308}lf ba\u{308}rtige Lo\u{308}wen");
        let accepts = async |password| stage.service.identity().sign_in(&ada.email, password, &request()).await.is_ok();
        for set in [composed, decomposed] {
            stage.service.identity().members().set_password(&admin, ada.id, set).await.unwrap();
            assert!(accepts(composed).await && accepts(decomposed).await, "{set}");
            assert!(!accepts("zwolf bartige Lowen").await);
        }
        // A hash from before passwords were normalized.
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let hash = Argon2::default().hash_password(decomposed.as_bytes(), &salt).unwrap();
        stage.database.tamper(&format!("UPDATE member SET password_hash = '{hash}' WHERE id = '{}'", ada.id)).await;
        assert!(accepts(composed).await && accepts(decomposed).await);
    }

    async fn an_easily_guessed_password_is_rejected(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let members = stage.service.identity().members();
        for password in ["iloveyouiloveyou", "ada@example.com1", "qwertyuiop1234567890"] {
            let set = members.set_password(&admin, ada.id, password).await;
            let Err(ServiceError::Rejected(rejected)) = set else { panic!("{password}: {set:?}") };
            assert_eq!(rejected.field, "password");
        }
        assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.is_ok());
    }

    async fn correct_sign_ins_at_once_all_succeed(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let sign_in = || async { stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.map(drop) };
        let done = tokio::join!(
            sign_in(), sign_in(), sign_in(), sign_in(), sign_in(), sign_in(),
            sign_in(), sign_in(), sign_in(), sign_in(), sign_in(), sign_in()
        );
        let failed = format!("{done:?}").matches("Err").count();
        assert_eq!(failed, 0, "{done:?}");
    }

    async fn guesses_at_once_do_not_exceed_the_limit(database: Database) {
        let stage = Stage::set_up(database).await;
        let guess = || async { stage.service.identity().sign_in("unknown@example.com", "wrong", &request()).await };
        for _ in 2..limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            assert!(matches!(guess().await, Err(ServiceError::SignInFailed)));
        }
        let (one, two, three, four, five) = tokio::join!(guess(), guess(), guess(), guess(), guess());
        let limited = [one, two, three, four, five].into_iter();
        let limited = limited.filter(|guess| matches!(guess, Err(ServiceError::Limited { .. })));
        assert_eq!(limited.count(), 3);
    }

    async fn guesses_of_a_client_that_disconnects_are_counted(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let request = request();
        let guess = || stage.service.identity().sign_in(&ada.email, "wrong", &request);
        for _ in 2..limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            assert!(tokio::time::timeout(Duration::ZERO, guess()).await.is_err(), "the client disconnects");
        }
        // These wait for the guesses before them.
        let _ = (guess().await, guess().await);
        let right = stage.service.identity().sign_in(&ada.email, PASSWORD, &request).await;
        assert!(matches!(right, Err(ServiceError::Limited { .. })), "{right:?}");
    }

    async fn a_guessed_organization_is_counted(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let identity = stage.service.identity();
        for _ in 0..limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            let guess = identity.issue_session_token(&ada.email, PASSWORD, Some("AAAAAAAAAAE"), &request()).await;
            assert!(matches!(guess, Err(ServiceError::SignInFailed)));
        }
        assert!(identity.issue_session_token(&ada.email, PASSWORD, None, &request()).await.is_err());
    }

    async fn a_network_is_limited_after_thirty_failures_across_accounts(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let from = request_from("198.51.100.1");
        for place in 0..limits::SIGN_IN_FAILURES_PER_SUBNET {
            assert!(stage.service.identity().sign_in(&format!("user{place}@example.com"), "wrong", &from).await.is_err());
        }
        let answer = stage.service.identity().sign_in(&ada.email, PASSWORD, &from).await;
        let Err(ServiceError::Limited { retry_after_seconds, .. }) = answer else { panic!("{answer:?}") };
        assert!((1..=901).contains(&retry_after_seconds), "{retry_after_seconds}");
        assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.is_ok(), "another network is not limited");
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
        assert_eq!(open.iter().map(|session| Some(session.id)).collect::<Vec<_>>(), [here.session_id()]);
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
        let last_seen = |sessions: Vec<domain::identity::session::Session>, id| {
            sessions.into_iter().find(|session| session.id == id).unwrap().last_used_at
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

    async fn a_changed_password_signs_other_browsers_out_and_leaves_api_tokens(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let here = stage.browser(&ada.email).await;
        let there = stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.unwrap();
        let token = stage.token(&ada.email).await;
        let new = "another four unrelated words";

        let wrong = stage.service.identity().change_password(&here, "wrong", new).await;
        assert!(matches!(&wrong, Err(ServiceError::Rejected(rejected)) if rejected.field == "oldPassword"), "{wrong:?}");
        let weak = stage.service.identity().change_password(&here, PASSWORD, "short").await;
        assert!(matches!(&weak, Err(ServiceError::Rejected(rejected)) if rejected.field == "password"), "{weak:?}");

        stage.service.identity().change_password(&here, PASSWORD, new).await.unwrap();
        assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.is_err());
        assert!(stage.service.identity().sign_in(&ada.email, new, &request()).await.is_ok());
        let there = stage.service.identity().authenticate_session(there.cookie.reveal(), request()).await.unwrap();
        assert!(there.is_none(), "the other browser is signed out");
        assert!(stage.service.tokens().authenticate(token.as_bytes(), request()).await.is_ok());
        assert!(stage.service.tokens().generate(&here, "").await.is_ok(), "this browser stays signed in");
    }

    async fn a_sign_in_that_a_change_of_the_password_overtakes_opens_no_session(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let here = stage.browser(&ada.email).await;
        let identity = stage.service.identity();
        let other = stage.another_node().await;
        let mut old = PASSWORD.to_owned();
        for round in 0..4 {
            let new = format!("{round} more unrelated words");
            let changed = AtomicBool::new(false);
            let change = async {
                identity.change_password(&here, &old, &new).await.unwrap();
                changed.store(true, Ordering::SeqCst);
            };
            let sign_in = async || {
                while !changed.load(Ordering::SeqCst) {
                    let _ = other.identity().sign_in(&ada.email, &old, &request()).await;
                }
            };
            tokio::join!(change, sign_in());
            let open = identity.list_sessions(&here).await.unwrap();
            assert_eq!(open.iter().map(|session| Some(session.id)).collect::<Vec<_>>(), [here.session_id()], "round {round}");
            identity.sign_in(&ada.email, &new, &request()).await.unwrap();
            old = new;
        }
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
