//! Invitations by mail: each recipient gets a link, and the response reports failed deliveries.

use std::time::Duration;

use axum::http::StatusCode;
use domain::{identity::role::Role, platform::limits};
use serde_json::{Value, json};
use testbed::{on_both, smtp::MailServer, tokio};

use crate::support::App;

const MEMBER: &str = "/v2/organization/member";

impl App {
    /// The response to an invitation by an administrator.
    async fn invite(&self, path: &str, given: Value) -> Value {
        let ada = match self
            .service
            .identity()
            .members()
            .find_by_email("ada@example.com")
            .await
        {
            Ok(ada) => ada,
            Err(_) => self.member("Ada", Role::Admin).await,
        };
        let token = self.session_token(&ada).await;
        let answer = self.post(path).token(&token).json(&given).send().await;
        answer.expect(StatusCode::OK);
        answer.json()
    }
}

on_both! {
    async fn an_invitation_link_is_sent_by_mail(database: Database) {
        let mail = MailServer::rejecting("").await;
        let app = App::mailing(database, &mail.url).await;
        let invited = app.invite(MEMBER, json!({"email": "Grace@example.com", "fullName": "Grace Hopper"})).await;
        assert_eq!(invited["inviteMailed"], true);
        let link = invited["inviteUrl"].as_str().unwrap();
        assert!(link.starts_with("https://countersign.example/invitation?claim="), "{link}");

        let letters = mail.letters();
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert_eq!((letter.from.as_str(), letter.to.as_str()), ("countersign@example.com", "grace@example.com"));
        for (name, expected) in [
            ("From", "Countersign <countersign@example.com>"),
            ("To", "\"Grace Hopper\" <grace@example.com>"),
            ("Subject", "Ada invites you to Analytical Engines"),
            ("Date", "Wed, 23 Dec 2026 14:05:09 +0000"),
            ("Content-Type", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(letter.field(name), expected, "{letter:?}");
        }
        let body = letter.text();
        assert_eq!(body[0], "Hello Grace Hopper,");
        assert_eq!(body.iter().filter(|line| *line == link).count(), 1, "the link is on its own line: {body:?}");
        let page = link.strip_prefix("https://countersign.example").unwrap();
        assert!(app.get(page).send().await.text().contains("Analytical Engines"), "the link works");
    }

    async fn markup_in_names_adds_no_header_and_no_markup_to_a_mail(database: Database) {
        let mail = MailServer::rejecting("").await;
        let app = App::mailing(database, &mail.url).await;
        let names = ["</title><x-probe>", "\"><x-probe>", "]]><x-probe>", "a\", <eve@example.com>", "a, eve@example.com"];
        for (number, name) in names.into_iter().enumerate() {
            app.invite(MEMBER, json!({"email": format!("g{number}@example.com"), "fullName": name})).await;
        }
        let letters = mail.letters();
        assert_eq!(letters.len(), names.len());
        for (number, letter) in letters.iter().enumerate() {
            assert_eq!(letter.to, format!("g{number}@example.com"));
            assert_eq!(letter.field("Content-Type"), "text/plain; charset=utf-8");
            let head = letter.lines.iter().take_while(|line| !line.is_empty());
            let names: Vec<_> = head.filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
            for once in ["To", "From", "Subject", "Content-Type"] {
                assert_eq!(names.iter().filter(|name| **name == once).count(), 1, "{letter:?}");
            }
            assert!(!names.contains(&"Cc") && !names.contains(&"Bcc"), "{letter:?}");
        }
    }

    async fn each_recipient_gets_their_own_link_and_failed_deliveries_are_reported(database: Database) {
        let mail = MailServer::rejecting("absent@").await;
        let app = App::mailing(database, &mail.url).await;
        let people: Vec<_> = ["a", "absent", "b"].map(|name| json!({"email": format!("{name}@example.com")})).into();
        let invited = app.invite("/v2/organization/members", json!({"members": people})).await;
        let invited: Vec<_> = invited["members"].as_array().unwrap().iter().map(|one| (one["inviteMailed"].clone(), one["inviteUrl"].as_str().unwrap().to_owned())).collect();
        assert_eq!([&invited[0].0, &invited[1].0, &invited[2].0], [&json!(true), &json!(false), &json!(true)]);
        let letters = mail.letters();
        let to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(to, ["a@example.com", "b@example.com"]);
        assert!(letters[0].text().contains(&invited[0].1) && letters[1].text().contains(&invited[2].1));
        let page = invited[1].1.strip_prefix("https://countersign.example").unwrap();
        assert!(app.get(page).send().await.text().contains("absent@example.com"), "the link works although its mail was not delivered");
    }

    async fn an_invitation_is_created_even_if_the_mail_server_rejects_it(database: Database) {
        let mail = MailServer::rejecting("").await;
        let wrong = mail.url.replace("hunter2", "hunter3");
        let app = App::mailing(database, &wrong).await;
        let invited = app.invite(MEMBER, json!({"email": "a@example.com"})).await;
        assert_eq!((&invited["inviteMailed"], invited["inviteUrl"].is_string()), (&json!(false), true));
        assert_eq!(app.service.check_mail().await, Err("the mail server rejects it with 535".to_owned()));
        assert_eq!(mail.letters(), []);
    }

    async fn without_a_mail_server_the_response_does_not_mention_mail(database: Database) {
        let app = App::start(database).await;
        let invited = app.invite(MEMBER, json!({"email": "a@example.com"})).await;
        assert_eq!((invited.get("inviteMailed"), invited["inviteUrl"].is_string()), (None, true));
        assert_eq!(app.service.check_mail().await, Ok(false));
    }

    async fn the_member_and_the_administrators_get_one_mail_when_sign_ins_are_limited(database: Database) {
        let mail = MailServer::rejecting("").await;
        let app = App::mailing(database, &mail.url).await;
        app.member("Ada", Role::Admin).await;
        let grace = app.member("Grace", Role::Power).await;
        let karen = app.member("Karen", Role::ReadOnly).await;
        for _ in 0..limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            app.sign_in(&grace.email, "hunter2 is not it").await.expect(StatusCode::UNAUTHORIZED);
        }
        assert_eq!(mail.letters(), []);
        for _ in 0..3 {
            app.sign_in(&grace.email, "hunter2 is not it").await.expect(StatusCode::TOO_MANY_REQUESTS);
        }
        // No response waits for the mail server.
        let arrived = async |count| {
            let arriving = async {
                while mail.letters().len() < count {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), arriving).await.unwrap();
        };
        arrived(2).await;
        // A notice of another member, after one that must not be sent.
        for email in [&grace.email, &karen.email] {
            app.clock.set(app.clock.now().plus_seconds(limits::SIGN_IN_WINDOW_SECONDS));
            for _ in 0..=limits::SIGN_IN_FAILURES_PER_ACCOUNT {
                app.sign_in(email, "hunter2 is not it").await;
            }
        }
        arrived(4).await;
        let letters = mail.letters();
        let mut to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["ada@example.com", "ada@example.com", grace.email.as_str(), karen.email.as_str()], "one a day for each");
        for letter in letters.iter().filter(|letter| letter.text().concat().contains(&grace.email)) {
            assert_eq!(letter.field("Content-Type"), "text/plain; charset=utf-8");
            let text = letter.text().join("\n");
            assert!(text.contains(&grace.email) && text.contains("10 sign-ins") && !text.contains("hunter2"), "{text}");
        }
    }
}
