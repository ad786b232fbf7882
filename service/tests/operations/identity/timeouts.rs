//! Timeouts of sessions, and sign-in in a browser that has a session.

use domain::{
    identity::{
        role::{Role, RoleSet},
        session::SessionState,
    },
    platform::limits,
};
use service::{BrowserCookies, OtherTokens, Service, SignedIn};
use testbed::on_both;

use crate::support::{PASSWORD, Stage, request};

const HOUR: i64 = 3_600_000;

async fn sign_in(service: &Service, email: &str, earlier: Option<&SignedIn>) -> SignedIn {
    let cookies = BrowserCookies {
        session: earlier.map(|earlier| earlier.cookie.reveal()),
        browser: None,
    };
    service
        .identity()
        .sign_in_from(cookies, email, PASSWORD, &request())
        .await
        .unwrap()
}

async fn is_open(service: &Service, browser: &SignedIn) -> bool {
    let cookie = browser.cookie.reveal();
    service
        .identity()
        .authenticate_session(cookie, request())
        .await
        .unwrap()
        .is_some()
}

/// The text of a token that is generated in this browser.
async fn generate(service: &Service, browser: &SignedIn) -> String {
    let caller = service
        .identity()
        .authenticate_session(browser.cookie.reveal(), request())
        .await
        .unwrap()
        .unwrap();
    let issued = service.tokens().generate(&caller, "").await.unwrap();
    issued.secret.reveal().to_owned()
}

async fn is_accepted(service: &Service, token: &str) -> bool {
    service
        .tokens()
        .authenticate(token.as_bytes(), request())
        .await
        .is_ok()
}

on_both! {
    async fn a_session_without_requests_times_out_and_its_tokens_stay_live(database: Database) {
        let stage = Stage::set_up(database).await;
        let service = &stage.service;
        for (name, role, hours) in [("Ada", Role::Power, 7 * 24), ("Grace", Role::Admin, 12)] {
            let member = stage.member(name, role).await;
            let browser = sign_in(service, &member.email, None).await;
            let token = generate(service, &browser).await;
            stage.pass_millis(hours * HOUR - 1);
            assert!(is_open(service, &browser).await, "{name}");
            stage.pass_millis(hours * HOUR - 1);
            assert!(is_open(service, &browser).await, "{name}: a request keeps the session open");
            stage.pass_millis(hours * HOUR);
            assert!(!is_open(service, &browser).await, "{name}");
            assert!(!is_open(&stage.another_node().await, &browser).await, "{name}");
            assert!(service.identity().has_timed_out(browser.cookie.reveal()).await.unwrap(), "{name}");
            assert!(is_accepted(service, &token).await, "{name}");
        }
    }

    async fn a_session_times_out_after_90_days_although_it_is_used_and_generates_tokens(database: Database) {
        let stage = Stage::set_up(database).await;
        let service = &stage.service;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = sign_in(service, &ada.email, None).await;
        let mut token = String::new();
        for _ in 1..limits::SESSION_LIFETIME_DAYS {
            stage.pass_millis(24 * HOUR);
            token = generate(service, &browser).await;
        }
        stage.pass_millis(24 * HOUR);
        assert!(!is_open(service, &browser).await);
        assert!(is_accepted(service, &token).await);
        stage.pass_millis((limits::TOKEN_LIFETIME_DAYS - 1) * 24 * HOUR - 1);
        assert!(is_accepted(service, &token).await);
        stage.pass_millis(1);
        assert!(!is_accepted(service, &token).await);
    }

    async fn signing_in_again_continues_the_session_so_that_sign_out_ends_its_tokens(database: Database) {
        let stage = Stage::set_up(database).await;
        let service = &stage.service;
        let ada = stage.member("Ada", Role::Power).await;
        let before = sign_in(service, &ada.email, None).await;
        let token = generate(service, &before).await;
        stage.pass_millis(8 * 24 * HOUR);
        let after = sign_in(service, &ada.email, Some(&before)).await;
        assert_eq!(after.session.id, before.session.id);
        assert!(is_open(service, &after).await);
        assert!(!is_open(service, &before).await, "the old cookie is not accepted");
        assert!(is_accepted(service, &token).await);
        let caller = service.identity().authenticate_session(after.cookie.reveal(), request()).await.unwrap().unwrap();
        assert_eq!(service.identity().list_sessions(&caller).await.unwrap().len(), 1);
        service.identity().sign_out(&caller).await.unwrap();
        assert!(!is_accepted(service, &token).await);
    }

    async fn signing_in_as_another_member_ends_the_session_of_the_first(database: Database) {
        let stage = Stage::set_up(database).await;
        let service = &stage.service;
        let (ada, grace) = (stage.member("Ada", Role::Power).await, stage.member("Grace", Role::Power).await);
        for timed_out in [false, true] {
            let first = sign_in(service, &ada.email, None).await;
            let token = generate(service, &first).await;
            if timed_out {
                stage.pass_millis(8 * 24 * HOUR);
            }
            let second = sign_in(service, &grace.email, Some(&first)).await;
            assert_ne!(second.session.id, first.session.id);
            assert!(!is_open(service, &first).await);
            assert!(!is_accepted(service, &token).await);
            assert!(is_open(service, &second).await);
        }
    }

    async fn a_wrong_password_changes_no_session(database: Database) {
        let stage = Stage::set_up(database).await;
        let service = &stage.service;
        let (ada, grace) = (stage.member("Ada", Role::Power).await, stage.member("Grace", Role::Power).await);
        let browser = sign_in(service, &ada.email, None).await;
        let cookies = BrowserCookies { session: Some(browser.cookie.reveal()), browser: None };
        for email in [&ada.email, &grace.email] {
            let failed = service.identity().sign_in_from(cookies, email, "wrong", &request()).await;
            assert!(failed.is_err());
            assert!(is_open(service, &browser).await);
        }
    }

    async fn a_session_that_was_signed_out_is_not_continued(database: Database) {
        let stage = Stage::set_up(database).await;
        let service = &stage.service;
        let ada = stage.member("Ada", Role::Power).await;
        let before = sign_in(service, &ada.email, None).await;
        let caller = service.identity().authenticate_session(before.cookie.reveal(), request()).await.unwrap().unwrap();
        service.identity().sign_out(&caller).await.unwrap();
        let after = sign_in(service, &ada.email, Some(&before)).await;
        assert_ne!(after.session.id, before.session.id);
        assert!(!service.identity().has_timed_out(before.cookie.reveal()).await.unwrap());
    }

    async fn a_session_that_timed_out_is_listed_and_ended_with_its_tokens(database: Database) {
        let stage = Stage::set_up(database).await;
        let service = &stage.service;
        let ada = stage.member("Ada", Role::Power).await;
        let sign_outs = [
            "here", "elsewhere", "everywhere", "by an administrator", "with the password",
        ];
        for sign_out in sign_outs {
            let browser = sign_in(service, &ada.email, None).await;
            let token = generate(service, &browser).await;
            stage.pass_millis(8 * 24 * HOUR);
            let other = stage.browser(&ada.email).await;
            let listed = service.identity().list_sessions(&other).await.unwrap();
            let state = listed.iter().find(|listed| listed.session.id == browser.session.id).map(|listed| listed.state);
            assert_eq!(state, Some(SessionState::TimedOut), "{sign_out}");
            match sign_out {
                "here" => service.identity().sign_out_timed_out(browser.cookie.reveal(), &request()).await.unwrap(),
                "elsewhere" => service.identity().end_session(&other, browser.session.id).await.unwrap(),
                "everywhere" => service.identity().sign_out_everywhere(&other).await.unwrap(),
                "by an administrator" => {
                    let system = service.system_caller().await.unwrap();
                    service.identity().sign_member_out(&system, ada.id).await.unwrap();
                }
                _ => service.identity().change_password(&other, PASSWORD, "another long and good password", OtherTokens::Keep).await.map(drop).unwrap(),
            }
            assert!(!is_accepted(service, &token).await, "{sign_out}");
        }
    }

    async fn a_session_without_live_tokens_is_not_listed_after_it_timed_out(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        stage.browser(&ada.email).await;
        stage.pass_millis(8 * 24 * HOUR);
        let here = stage.browser(&ada.email).await;
        assert_eq!(stage.service.identity().list_sessions(&here).await.unwrap().len(), 1);
    }

    async fn ending_a_timed_out_session_covers_a_later_change_of_roles(database: Database) {
        let stage = Stage::set_up(database).await;
        let (service, system) = (&stage.service, stage.service.system_caller().await.unwrap());
        stage.member("Karen", Role::Admin).await;
        let grace = stage.member("Grace", Role::Admin).await;
        let browser = sign_in(service, &grace.email, None).await;
        stage.pass_millis(13 * HOUR);
        service.identity().sign_member_out(&system, grace.id).await.unwrap();
        service.identity().members().set_roles(&system, grace.id, RoleSet::of(&[Role::Power])).await.unwrap();
        assert!(!is_open(service, &browser).await);
    }
}
