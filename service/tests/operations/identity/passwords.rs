//! Passwords: their Unicode form, their strength, and what a change of one ends.

use std::sync::atomic::{AtomicBool, Ordering};

use argon2::{Argon2, PasswordHasher as _, password_hash::SaltString};
use domain::identity::role::Role;
use service::{OtherTokens, ServiceError};
use testbed::on_both;

use crate::support::{PASSWORD, Stage, request};

on_both! {
    async fn a_password_is_accepted_in_each_unicode_form(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let ada = stage.member("Ada", Role::Power).await;
        let (composed, decomposed) = ("zwölf bärtige Löwen", "zwo\u{308}lf ba\u{308}rtige Lo\u{308}wen");
        let accepts = async |password| stage.service.identity().sign_in(&ada.email, password, &request()).await.is_ok();
        for set in [composed, decomposed] {
            stage.service.identity().members().set_password(&admin, ada.id, set, OtherTokens::Keep).await.unwrap();
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
            let set = members.set_password(&admin, ada.id, password, OtherTokens::Keep).await;
            let Err(ServiceError::Rejected(rejected)) = set else { panic!("{password}: {set:?}") };
            assert_eq!(rejected.field, "password");
        }
        assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.is_ok());
    }

    async fn a_changed_password_signs_other_browsers_out_and_leaves_api_tokens(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let here = stage.browser(&ada.email).await;
        let there = stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.unwrap();
        let token = stage.token(&ada.email).await;
        let new = "another four unrelated words";

        let wrong = stage.service.identity().change_password(&here, "wrong", new, OtherTokens::Keep).await;
        assert!(matches!(&wrong, Err(ServiceError::Rejected(rejected)) if rejected.field == "oldPassword"), "{wrong:?}");
        let weak = stage.service.identity().change_password(&here, PASSWORD, "short", OtherTokens::Keep).await;
        assert!(matches!(&weak, Err(ServiceError::Rejected(rejected)) if rejected.field == "password"), "{weak:?}");

        stage.service.identity().change_password(&here, PASSWORD, new, OtherTokens::Keep).await.unwrap();
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
                identity.change_password(&here, &old, &new, OtherTokens::Keep).await.unwrap();
                changed.store(true, Ordering::SeqCst);
            };
            let sign_in = async || {
                while !changed.load(Ordering::SeqCst) {
                    let _ = other.identity().sign_in(&ada.email, &old, &request()).await;
                }
            };
            tokio::join!(change, sign_in());
            let open = identity.list_sessions(&here).await.unwrap();
            assert_eq!(open.iter().map(|listed| Some(listed.session.id)).collect::<Vec<_>>(), [here.session_id()], "round {round}");
            identity.sign_in(&ada.email, &new, &request()).await.unwrap();
            old = new;
        }
    }
}
