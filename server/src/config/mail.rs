//! Settings of mail.

use service::{MailSender, MailServer, MailSettings};

use super::given::Given;

/// The mail settings: server and sender must both be given or both be absent, and links need a public URL. The server's
/// URL may contain a password, so a problem does not repeat it.
pub(super) fn check(given: &Given, note: &mut impl FnMut(String)) -> Option<MailSettings> {
    let server = given.smtp_url.as_deref().map(MailServer::parse);
    let sender = given.mail_from.as_deref().map(MailSender::parse);
    if let Some(Err(problem)) = &server {
        note(format!("smtp_url: {problem}"));
    }
    if let Some(Err(problem)) = &sender {
        note(format!("mail_from: {problem}"));
    }
    if given.smtp_url.is_some() && given.public_url.is_none() {
        note("public_url: required by smtp_url, because mails contain links".to_owned());
    }
    match (server, sender) {
        (Some(Ok(server)), Some(Ok(sender))) => return Some(MailSettings { server, sender }),
        (Some(_), None) => note("mail_from: required by smtp_url".to_owned()),
        (None, Some(_)) => note("smtp_url: required by mail_from".to_owned()),
        (Some(_), Some(_)) | (None, None) => {}
    }
    None
}
