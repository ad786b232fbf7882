//! Plain text mail through the configured mail server.

use std::{
    error::Error as _,
    fmt, io,
    time::{Duration, UNIX_EPOCH},
};

use domain::platform::{id::Id, timestamp::Timestamp};
use http::Uri;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
    transport::smtp::{self, extension::ClientId},
};
use zeroize::Zeroizing;

use crate::platform::error::ServiceError;

/// Timeout of one step with the mail server.
const STEP_TIMEOUT: Duration = Duration::from_secs(5);

/// The mail server and the sender.
#[derive(Clone)]
pub struct MailSettings {
    /// The mail server.
    pub server: MailServer,
    /// The sender address.
    pub sender: MailSender,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailSettings")
            .finish_non_exhaustive()
    }
}

/// A mail server. Its URL may contain a password, so `Debug` does not print it.
#[derive(Clone)]
pub struct MailServer(Zeroizing<String>);

impl MailServer {
    /// Parses `smtps://user:password@host:port`, or `smtp://…` with `?tls=required` for STARTTLS.
    ///
    /// # Errors
    /// The reason, without repeating the URL.
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

/// The sender address, with or without a name.
#[derive(Clone)]
pub struct MailSender(Mailbox);

impl MailSender {
    /// Parses `address@example.com` or `Name <address@example.com>`.
    ///
    /// # Errors
    /// The reason.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let sender = text.parse::<Mailbox>().ok();
        // An address outside ASCII needs SMTPUTF8 (RFC 6531), which not every mail server supports.
        let sender = sender.filter(|sender| sender.email.to_string().is_ascii());
        sender.map(Self).ok_or(
            "it is not like countersign@example.com or Countersign <countersign@example.com>",
        )
    }
}

/// A message to send.
pub(crate) struct OutgoingMail<'a> {
    /// The id for the `Message-ID` header.
    pub(crate) id: Id,
    pub(crate) at: Timestamp,
    /// The name of the recipient.
    pub(crate) name: Option<String>,
    pub(crate) email: &'a str,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Sends mail through the configured mail server.
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
        // Mail servers often reject clients that introduce themselves with an IP address.
        let name = ClientId::Domain(sender.email.domain().to_owned());
        let transport = transport.hello_name(name).timeout(Some(STEP_TIMEOUT));
        Ok(Self {
            transport: transport.build(),
            sender,
        })
    }
}

impl Mailer {
    /// Sends a plain text message with the current date.
    ///
    /// # Errors
    /// The reason, without an address.
    pub(crate) async fn send(&self, message: OutgoingMail<'_>) -> Result<(), String> {
        let message = self.message(message);
        let message = message.ok_or("mail cannot be sent to this address")?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| why(&error))
    }

    /// Builds the message; `None` when the recipient address is invalid.
    fn message(&self, outgoing: OutgoingMail<'_>) -> Option<Message> {
        let micros = u64::try_from(outgoing.at.as_micros()).ok()?;
        let id = format!("<{}@{}>", outgoing.id, self.sender.email.domain());
        let recipient = Mailbox::new(outgoing.name, outgoing.email.parse().ok()?);
        // Keeps lines short whatever the text is (RFC 5322, section 2.1.1).
        let text = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::QuotedPrintable)
            .body(outgoing.text);
        Message::builder()
            .from(self.sender.clone())
            .to(recipient)
            .subject(outgoing.subject)
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(id))
            .singlepart(text)
            .ok()
    }

    /// Whether the mail server accepts mail from here.
    ///
    /// # Errors
    /// The reason why it does not, for the operator.
    pub(crate) async fn check(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it does not answer".to_owned()),
            Err(error) => Err(why(&error)),
        }
    }
}

fn transport(url: &str) -> Result<smtp::AsyncSmtpTransportBuilder, smtp::Error> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
}

/// Why a message was not accepted. The response of the server is left out, because it may contain addresses or anything
/// else.
fn why(error: &smtp::Error) -> String {
    if let Some(status) = error.status() {
        return format!("the mail server rejects it with {status}");
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
    "the communication with the mail server failed".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::test_hosts::{authority, secure_host};

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
            let error = MailServer::parse(url).err().expect(url);
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_mail_server_with_an_untrusted_certificate_gets_no_password() {
        let unknown = authority("unknown");
        let (port, asked) = secure_host(&unknown, "localhost", String::new()).await;
        let settings = MailSettings {
            server: MailServer::parse(&format!("smtps://user:hunter2@localhost:{port}")).unwrap(),
            sender: MailSender::parse("c@example.com").unwrap(),
        };
        let mailer = Mailer::new(&settings).unwrap();
        let error = mailer.transport.test_connection().await.unwrap_err();
        let expected = "TLS with the mail server fails: invalid peer certificate: UnknownIssuer";
        assert_eq!(why(&error), expected);
        assert_eq!(asked.await.unwrap(), "");
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for text in ["c@example.com", "Countersign <c@example.com>"] {
            assert!(MailSender::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "unknown",
            "c@example.com\r\nBcc: x@example.com",
            "<>",
            "c@ex\u{e4}mple.com",
        ] {
            assert!(MailSender::parse(text).is_err(), "{text}");
        }
    }
}
