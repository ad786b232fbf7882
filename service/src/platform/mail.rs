//! Mail: the link of an invitation, in plain text, by way of the mail server that was configured. Without one nothing
//! is mailed, and links are handed over by whoever invites.

use std::{
    error::Error as _,
    fmt, io,
    time::{Duration, UNIX_EPOCH},
};

use domain::{identity::actor::Caller, platform::limits};
use hyper::http::Uri;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{self, extension::ClientId},
};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::rustls;
use zeroize::Zeroizing;

use crate::{identity::invitations::Invited, open::Service, platform::error::ServiceError};

/// How long the mail server may take over one step.
const STEP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long all mails of one request may take: it has to be answered in time, whatever the mail server does.
const LETTERS_TIMEOUT: Duration = Duration::from_secs(limits::REQUEST_SECONDS / 2);

/// Where mail is handed in, and in whose name.
#[derive(Clone)]
pub struct MailSettings {
    /// The mail server.
    pub server: MailServer,
    /// The address that mail comes from.
    pub sender: MailSender,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailSettings")
            .finish_non_exhaustive()
    }
}

/// A mail server: its address, which may hold a password, and so does not print.
#[derive(Clone)]
pub struct MailServer(Zeroizing<String>);

impl MailServer {
    /// Reads `smtps://user:password@host:port`, or `smtp://…`, with `?tls=required` where TLS begins later (STARTTLS).
    ///
    /// # Errors
    /// What is wrong with it, in words that do not repeat it.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        const UNREADABLE: &str = "it is not like smtps://user:password@mail.example:465";
        let uri: Uri = url.parse().map_err(|_| UNREADABLE)?;
        let host = uri
            .host()
            .filter(|host| !host.is_empty())
            .ok_or(UNREADABLE)?;
        let is_secret = uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'));
        let is_secure = uri.scheme_str() == Some("smtps") || uri.query() == Some("tls=required");
        if is_secret && !is_secure && !["localhost", "127.0.0.1", "[::1]"].contains(&host) {
            return Err(
                "it would send the password in the clear: use smtps://, or smtp:// with ?tls=required",
            );
        }
        transport(url).map_err(|_| UNREADABLE)?;
        Ok(Self(Zeroizing::new(url.to_owned())))
    }
}

/// The address that mail comes from, with or without a name.
#[derive(Clone)]
pub struct MailSender(Mailbox);

impl MailSender {
    /// Reads `address@example.com` or `Name <address@example.com>`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let sender = text.parse::<Mailbox>();
        sender.map(Self).map_err(
            |_| "it is not like countersign@example.com or Countersign <countersign@example.com>",
        )
    }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailed {
    /// No mail server is configured.
    NotConfigured,
    /// The mail server took it.
    Sent,
    /// It could not be handed in; the log says why.
    Failed,
}

/// Hands mail in.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mailer").finish_non_exhaustive()
    }
}

impl Mailer {
    pub(crate) fn new(settings: &MailSettings) -> Result<Self, ServiceError> {
        let transport = transport(&settings.server.0)
            .map_err(|error| ServiceError::Internal(Box::new(error)))?;
        let sender = settings.sender.0.clone();
        // Mail servers are suspicious of a client that calls itself by a number.
        let name = ClientId::Domain(sender.email.domain().to_owned());
        let transport = transport.hello_name(name).timeout(Some(STEP_TIMEOUT));
        Ok(Self {
            transport: transport.build(),
            sender,
        })
    }
}

impl Service {
    /// Mails each of these people their link, and tells of each what became of it. Whoever was invited stays invited.
    pub async fn mail_invitations(
        &self,
        caller: &Caller,
        letters: Vec<(Invited, String)>,
    ) -> Vec<Mailed> {
        let count = letters.len();
        if self.mailer().is_none() {
            return vec![Mailed::NotConfigured; count];
        }
        // Whoever asked may go away before the last is sent.
        let (service, inviter) = (self.clone(), caller.actor().name().to_owned());
        let sending = tokio::spawn(async move { service.send_letters(&inviter, &letters).await });
        sending
            .await
            .unwrap_or_else(|_| vec![Mailed::Failed; count])
    }

    async fn send_letters(&self, inviter: &str, letters: &[(Invited, String)]) -> Vec<Mailed> {
        let deadline = Instant::now() + LETTERS_TIMEOUT;
        let mut outcomes = Vec::with_capacity(letters.len());
        for (invited, link) in letters {
            let sent = timeout_at(deadline, self.send_letter(inviter, invited, link)).await;
            outcomes.push(match sent.unwrap_or_else(|_| Err("there was no time left".to_owned())) {
                Ok(()) => Mailed::Sent,
                Err(reason) => {
                    tracing::warn!(invitation.id = %invited.id, reason, "An invitation could not be mailed.");
                    Mailed::Failed
                }
            });
        }
        outcomes
    }

    async fn send_letter(
        &self,
        inviter: &str,
        invited: &Invited,
        link: &str,
    ) -> Result<(), String> {
        let Some(mailer) = self.mailer() else {
            return Err("no mail server is configured".to_owned());
        };
        let letter = self.letter(&mailer.sender, inviter, invited, link);
        let letter = letter.ok_or("the address is none that mail can be sent to")?;
        let handed_in = mailer.transport.send(letter).await;
        handed_in.map(drop).map_err(|error| why(&error))
    }

    /// The words of the mail. `None` for an address that mail cannot be sent to.
    fn letter(
        &self,
        sender: &Mailbox,
        inviter: &str,
        invited: &Invited,
        link: &str,
    ) -> Option<Message> {
        let Invited {
            organization,
            full_name,
            ..
        } = invited;
        let name = full_name.clone().filter(|name| !name.is_empty());
        let greeting = name
            .as_ref()
            .map_or("Hello,".to_owned(), |name| format!("Hello {name},"));
        let days = limits::INVITATION_LIFETIME_DAYS;
        let text = format!(
            "{greeting}\n\n\
             {inviter} invites you to {organization}. Choose a password here:\n\n\
             {link}\n\n\
             The link is good for {days} days and for one use. If you did not expect it, there is nothing to do.\n"
        );
        let micros = u64::try_from(self.now().as_micros()).ok()?;
        let id = format!("<{}@{}>", invited.id, sender.email.domain());
        let letter = Message::builder()
            .from(sender.clone())
            .to(Mailbox::new(name, invited.email.parse().ok()?))
            .subject(format!("{inviter} invites you to {organization}"))
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN);
        letter.body(text).ok()
    }

    /// Whether the mail server takes mail from here; `false` when none is configured.
    ///
    /// # Errors
    /// Why it does not, for whoever runs the machine.
    pub async fn check_mail(&self) -> Result<bool, String> {
        match self.mailer() {
            None => Ok(false),
            Some(mailer) => match mailer.transport.test_connection().await {
                Ok(true) => Ok(true),
                Ok(false) => Err("it does not answer".to_owned()),
                Err(error) => Err(why(&error)),
            },
        }
    }
}

fn transport(url: &str) -> Result<smtp::AsyncSmtpTransportBuilder, smtp::Error> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
}

/// Why a mail was not taken. What the server said stays out of it: that repeats addresses, and may repeat anything.
fn why(error: &smtp::Error) -> String {
    if let Some(status) = error.status() {
        return format!("the mail server refuses it with {status}");
    }
    if error.is_timeout() {
        return "the mail server does not answer in time".to_owned();
    }
    if error.is_tls() {
        return "TLS with the mail server fails".to_owned();
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(error) = inner.downcast_ref::<io::Error>() {
            let tls = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>());
            if let Some(tls) = tls {
                return format!("TLS with the mail server fails: {tls}");
            }
            return format!("the mail server cannot be reached: {}", error.kind());
        }
        cause = inner.source();
    }
    "the mail server cannot be talked to".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrations::probe;

    #[test]
    fn a_mail_server_is_named_by_an_address_that_keeps_its_password() {
        for url in [
            "smtps://user:p%40ss@mail.example:465",
            "smtps://mail.example",
            "smtp://user:hunter2@mail.example?tls=required",
            "smtp://mail.example:25",
            "smtp://user:hunter2@127.0.0.1:1025",
        ] {
            assert!(MailServer::parse(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "mail.example",
            "https://mail.example",
            "smtp://user:hunter2@mail.example",
            "smtp://user:hunter2@mail.example?tls=opportunistic",
            "smtp://mail.example?tls=maybe",
            "smtps://",
        ] {
            let refused = MailServer::parse(url).err().expect(url);
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_mail_server_nobody_vouches_for_is_given_no_password() {
        let unknown = probe::tests::authority("unknown");
        let (port, asked) = probe::tests::secure_host(&unknown, "localhost", String::new()).await;
        let settings = MailSettings {
            server: MailServer::parse(&format!("smtps://user:hunter2@localhost:{port}")).unwrap(),
            sender: MailSender::parse("c@example.com").unwrap(),
        };
        let mailer = Mailer::new(&settings).unwrap();
        let refused = mailer.transport.test_connection().await.unwrap_err();
        let expected = "TLS with the mail server fails: invalid peer certificate: UnknownIssuer";
        assert_eq!(why(&refused), expected);
        assert_eq!(asked.await.unwrap(), "");
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for text in ["c@example.com", "Countersign <c@example.com>"] {
            assert!(MailSender::parse(text).is_ok(), "{text}");
        }
        for text in ["", "nobody", "c@example.com\r\nBcc: x@example.com", "<>"] {
            assert!(MailSender::parse(text).is_err(), "{text}");
        }
    }
}
