//! Limits on failed sign-ins: per account, network and site, and how they are lifted.

use std::time::Duration;

use domain::{
    audit::event::Action,
    identity::{actor::RequestMeta, role::Role},
    platform::limits,
};
use service::ServiceError;
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
}
