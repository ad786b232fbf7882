//! Sends the link of an invitation by mail. Without a mail server the inviter passes the link on.

use std::{sync::Arc, time::Duration};

use domain::{
    identity::actor::Caller,
    platform::{limits, timestamp::Timestamp},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    identity::{handle::Invitations, invitations::Invited},
    platform::{
        mail::{Mailer, OutgoingMail},
        tasks::detached,
    },
};

/// Limit on the time for all mails of one request, because the response must not wait for the mail server.
const LETTERS_TIMEOUT: Duration = Duration::from_secs(limits::REQUEST_SECONDS / 2);

/// The outcome of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailOutcome {
    /// No mail server is configured.
    NotConfigured,
    /// The mail server accepted it.
    Sent,
    /// The mail server did not accept it; the log has the reason.
    Failed,
}

impl Invitations {
    /// Sends each person their link, and returns the outcome of each. A failed mail does not undo its invitation.
    pub async fn mail(&self, caller: &Caller, letters: Vec<(Invited, String)>) -> Vec<MailOutcome> {
        let count = letters.len();
        let Some(mailer) = self.mailer.clone() else {
            return vec![MailOutcome::NotConfigured; count];
        };
        // A task of its own, because the client may disconnect before the last mail is sent.
        let (inviter, now) = (caller.actor().name().to_owned(), self.platform.now());
        let sending = async move { send_all(&mailer, &inviter, &letters, now).await };
        detached(sending)
            .await
            .unwrap_or_else(|_| vec![MailOutcome::Failed; count])
    }
}

async fn send_all(
    mailer: &Arc<Mailer>,
    inviter: &str,
    letters: &[(Invited, String)],
    now: Timestamp,
) -> Vec<MailOutcome> {
    let deadline = Instant::now() + LETTERS_TIMEOUT;
    let mut outcomes = Vec::with_capacity(letters.len());
    for (invited, link) in letters {
        let letter = letter(inviter, invited, link, now);
        let sent = timeout_at(deadline, mailer.send(letter)).await;
        outcomes.push(match sent.unwrap_or_else(|_| Err("there was no time left".to_owned())) {
            Ok(()) => MailOutcome::Sent,
            Err(reason) => {
                tracing::warn!(invitation.id = %invited.id, reason, "An invitation could not be mailed.");
                MailOutcome::Failed
            }
        });
    }
    outcomes
}

fn letter<'a>(inviter: &str, invited: &'a Invited, link: &str, now: Timestamp) -> OutgoingMail<'a> {
    let organization = &invited.organization;
    let name = invited.full_name.clone().filter(|name| !name.is_empty());
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
    OutgoingMail {
        id: invited.id,
        at: now,
        name,
        email: &invited.email,
        subject: format!("{inviter} invites you to {organization}"),
        text,
    }
}
