//! Every mail, as a strict reader takes it: RFC 5322, RFC 2045 to 2047.

use std::time::Duration;

use axum::http::StatusCode;
use domain::{identity::role::Role, platform::limits};
use mail_parser::MessageParser;
use serde_json::json;
use testbed::{letter::Letter, on_both, smtp::MailServer, tokio};

use crate::support::App;

/// Names that no header and no line can contain as they are.
const NAMES: [&str; 6] = [
    "Grace Hopper",
    "Zoë Łukasiewicz-Ångström",
    "名前 😀 名前 😀 名前 😀 名前 😀 名前 😀 名前 😀 名前 😀 名前 😀",
    "a\", <eve@example.com>",
    "A name of a hundred characters that has to be folded because no line of a header may be that long",
    "=?utf-8?q?not_an_encoded_word?= =3D",
];

/// A mail as a mail program decodes it.
struct Read {
    subject: String,
    name: String,
    text: String,
}

/// Reads a mail. Whatever a strict reader may reject, this rejects.
fn read(letter: &Letter) -> Read {
    let end = letter.lines.iter().position(String::is_empty).unwrap();
    let (head, body) = (&letter.lines[..end], &letter.lines[end + 1..]);
    for line in &letter.lines {
        assert!(line.is_ascii() && line.len() <= 998, "{line}");
    }
    for line in head {
        // A name in one encoded word and its address stay on one line.
        let is_name_with_address = line.contains("?= <") && line.split(' ').count() <= 3;
        let can_be_folded = line.trim().contains(' ') && !is_name_with_address;
        assert!(line.len() <= 78 || !can_be_folded, "{line}");
    }
    for name in [
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ] {
        let prefix = format!("{name}: ");
        let count = head.iter().filter(|line| line.starts_with(&prefix)).count();
        assert_eq!(count, 1, "{name} in {head:?}");
    }
    assert_eq!(letter.field("MIME-Version"), "1.0");
    assert_eq!(
        letter.field("Content-Transfer-Encoding"),
        "quoted-printable"
    );
    for word in head
        .iter()
        .flat_map(|line| line.split(' '))
        .filter(|word| word.starts_with("=?"))
    {
        assert!(word.len() <= 75 && word.ends_with("?="), "{word}");
    }
    for line in body {
        assert!(line.len() <= 76, "{line}");
        for escape in line.trim_end_matches('=').split('=').skip(1) {
            assert!(
                escape.len() >= 2
                    && escape[..2]
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)),
                "{line}"
            );
        }
    }
    let whole = letter.lines.join("\r\n") + "\r\n";
    let message = MessageParser::default().parse(whole.as_bytes()).unwrap();
    assert!(
        message
            .message_id()
            .is_some_and(|id| id.ends_with("@example.com"))
    );
    assert!(message.date().is_some());
    let to = message.to().unwrap().first().unwrap();
    assert_eq!(to.address(), Some(letter.to.as_str()));
    Read {
        subject: message.subject().unwrap().to_owned(),
        name: to.name().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap().into_owned(),
    }
}

on_both! {
    async fn an_invitation_keeps_its_link_for_a_strict_reader(database: Database) {
        let mail = MailServer::rejecting("").await;
        let app = App::mailing(database, &mail.url).await;
        let ada = app.member("Ada", Role::Admin).await;
        app.tamper("UPDATE organization SET name = 'Größte Gesellschaft für analytische Maschinen und Überlegungen'").await;
        let token = app.session_token(&ada).await;
        for (number, name) in NAMES.into_iter().enumerate() {
            let given = json!({"email": format!("g{number}@example.com"), "fullName": name});
            let answer = app.post("/v2/organization/member").token(&token).json(&given).send().await;
            answer.expect(StatusCode::OK);
            let link = answer.json()["inviteUrl"].as_str().unwrap().to_owned();
            let letters = mail.letters();
            let seen = read(letters.last().unwrap());
            assert_eq!(seen.name, name);
            assert_eq!(seen.subject, "Ada invites you to Größte Gesellschaft für analytische Maschinen und Überlegungen");
            assert!(seen.text.lines().any(|line| line == link), "{}", seen.text);
            assert!(seen.text.starts_with(&format!("Hello {name},")), "{}", seen.text);
        }
    }

    async fn a_notice_of_failed_sign_ins_is_valid_for_a_strict_reader(database: Database) {
        let mail = MailServer::rejecting("").await;
        let app = App::mailing(database, &mail.url).await;
        let grace = app.member("Grace", Role::Power).await;
        app.member("Ada", Role::Admin).await;
        app.tamper("UPDATE member SET full_name = 'Größte Zoë Łukasiewicz' WHERE email = 'grace@example.com'").await;
        for _ in 0..=limits::SIGN_IN_FAILURES_PER_ACCOUNT {
            app.sign_in(&grace.email, "hunter2 is not it").await;
        }
        let arriving = async {
            while mail.letters().len() < 2 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), arriving).await.unwrap();
        for letter in mail.letters() {
            let seen = read(&letter);
            assert_eq!(seen.subject, "Failed sign-ins to Countersign");
            assert!(seen.text.contains(&grace.email), "{}", seen.text);
        }
        let letters = mail.letters();
        let to_grace = letters.iter().find(|letter| letter.to == grace.email).unwrap();
        assert_eq!(read(to_grace).name, "Größte Zoë Łukasiewicz");
    }
}
