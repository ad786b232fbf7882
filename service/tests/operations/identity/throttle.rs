//! Limits on failed sign-ins: per account, network and site, and how they are lifted.

use std::time::Duration;

use domain::{
    audit::{
        event::{Action, ObjectType, Outcome},
        query::{AuditFilter, PageDirection},
    },
    identity::{actor::RequestMeta, role::Role},
    platform::limits,
};
use service::{BrowserCookies, OtherTokens, ServiceError};
use testbed::on_both;

use crate::support::{PASSWORD, Stage, request, request_from};

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
                members.set_password(&admin, ada.id, other, OtherTokens::Keep).await.unwrap();
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

    async fn correct_sign_ins_at_once_all_succeed(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let sign_in = || Box::pin(async { stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.map(drop) });
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

    async fn a_browser_that_the_account_has_signed_in_with_is_not_limited_by_others(database: Database) {
        let stage = Stage::set_up(database).await;
        let (ada, eve) = (stage.member("Ada", Role::Power).await, stage.member("Eve", Role::Power).await);
        let identity = stage.service.identity();
        let sign_in = async |email: &str, password: &str, browser: &str, from: &RequestMeta| {
            let cookies = BrowserCookies { session: None, browser: Some(browser) };
            identity.sign_in_from(cookies, email, password, from).await
        };
        let office = request_from("192.0.2.1");
        let browser = identity.sign_in(&ada.email, PASSWORD, &office).await.unwrap().browser;
        let of_eve = identity.sign_in(&eve.email, PASSWORD, &office).await.unwrap().browser;
        // An attacker fails from the same network and from many others.
        for place in 0..limits::SIGN_IN_FAILURES_PER_ACCOUNT_IN_TOTAL / limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            let from = request_from(&format!("198.51.100.{place}"));
            fail(&stage, &ada.email, &from, limits::SIGN_IN_FAILURES_PER_ACCOUNT).await;
        }
        let there = request_from("198.51.100.1");
        let limited = |answer: Result<_, ServiceError>| matches!(answer, Err(ServiceError::Limited { .. }));
        assert!(sign_in(&ada.email, PASSWORD, &browser, &there).await.is_ok());
        for wrong in ["", "00", "ä", &of_eve, &browser[2..]] {
            assert!(limited(sign_in(&ada.email, PASSWORD, wrong, &there).await), "{wrong:?}");
        }
        // The browser has the limit of one network, wherever it is.
        for place in 0..limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            let failed = sign_in(&ada.email, "wrong", &browser, &request_from(&format!("192.0.2.{place}"))).await;
            assert!(matches!(failed, Err(ServiceError::SignInFailed)), "{failed:?}");
        }
        assert!(limited(sign_in(&ada.email, PASSWORD, &browser, &request_from("192.0.2.99")).await));
        assert!(identity.sign_in(&ada.email, PASSWORD, &office).await.is_ok(), "the network is not limited by the browser");
    }

    async fn rejected_sign_ins_and_foreign_forms_are_counted_and_recorded_once_in_a_while(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let identity = stage.service.identity();
        let from = request_from("198.51.100.1");
        fail(&stage, &ada.email, &from, limits::SIGN_IN_FAILURES_PER_ACCOUNT).await;
        for email in [&ada.email, &ada.email, "unknown@example.com", "unknown@example.com", "my secret password"] {
            assert!(identity.sign_in(email, PASSWORD, &from).await.is_err());
        }
        for _ in 0..3 {
            identity.record_foreign_form(None, &RequestMeta { path: "/ui/sign-in".to_owned(), ..from.clone() }).await.unwrap();
        }
        let counts: Vec<_> = identity.rejections().into_iter().map(|(_, count)| count).collect();
        assert_eq!(counts, [10, 3, 2, 3]);
        let filter = AuditFilter { address: Some("198.51.100.1".to_owned()), ..AuditFilter::default() };
        let events = stage.service.audit().list_events(&admin, &filter, PageDirection::NEWEST, 50).await.unwrap().rows;
        let mut found: Vec<_> = events
            .into_iter()
            .map(|recorded| recorded.event)
            .map(|event| {
                assert_eq!((event.outcome, event.object.kind), (Outcome::Denied, ObjectType::Session));
                let reason = event.changes[0].after.clone().unwrap();
                (reason.as_str().unwrap().to_owned(), event.by.actor_name, event.object.name)
            })
            .collect();
        found.sort();
        found.dedup();
        let expected = [
            ("foreign_form", "Unauthenticated", "/ui/sign-in"),
            ("limited", "Ada", "ada@example.com"),
            ("unknown_account", "Unauthenticated", ""),
            ("unknown_account", "Unauthenticated", "unknown@example.com"),
            ("wrong_password", "Ada", "ada@example.com"),
        ];
        assert_eq!(found, expected.map(|(reason, name, object)| (reason.to_owned(), name.to_owned(), object.to_owned())));
    }

    async fn a_member_learns_of_failures_from_elsewhere_when_the_password_is_entered(database: Database) {
        let stage = Stage::set_up(database).await;
        let (ada, eve) = (stage.member("Ada", Role::Power).await, stage.member("Eve", Role::Power).await);
        let (home, elsewhere) = (request_from("192.0.2.1"), request_from("198.51.100.1"));
        let identity = stage.service.identity();
        let sign_in = async || {
            stage.pass_millis(1);
            identity.sign_in(&ada.email, PASSWORD, &home).await.unwrap().failures
        };
        assert_eq!(sign_in().await, None);
        stage.pass_millis(1);
        fail(&stage, &ada.email, &home, 1).await;
        assert_eq!(sign_in().await, None, "the member has mistyped the password");
        stage.pass_millis(1);
        fail(&stage, &ada.email, &elsewhere, 3).await;
        fail(&stage, &eve.email, &elsewhere, 1).await;
        let failures = sign_in().await.unwrap();
        assert_eq!((failures.count, failures.address.as_str()), (3, "198.51.100.1"));
        assert_eq!(sign_in().await, None, "each failure is shown once");

        let signed_in = identity.sign_in(&ada.email, PASSWORD, &home).await.unwrap();
        let browser = identity.authenticate_session(signed_in.cookie.reveal(), home.clone()).await.unwrap().unwrap();
        stage.pass_millis(1);
        fail(&stage, &ada.email, &elsewhere, 2).await;
        stage.pass_millis(1);
        let failures = identity.confirm_password(&browser, PASSWORD, None).await.unwrap().unwrap();
        assert_eq!(failures.count, 2);
        assert_eq!(sign_in().await, None, "they were shown when the password was confirmed");
    }
}
