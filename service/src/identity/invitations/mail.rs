//! Sends the link of an invitation by mail. Without a mail server the inviter passes the link on.

use std::{sync::Arc, time::Duration};

use domain::{
    identity::actor::Caller,
    platform::{limits, timestamp::Timestamp},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    identity::{
        handle::Invitations,
        invitations::{invited::Invited, mail_outcome::MailOutcome},
    },
    platform::{
        error::ErrorChain,
        mail::{Mailer, OutgoingMail},
        tasks::detached,
    },
};

/// Limit on the time for all mails of one request, because the response must not wait for the mail server.
const LETTERS_TIMEOUT: Duration = Duration::from_secs(limits::REQUEST_SECONDS / 2);

impl Invitations {
    /// Sends each person their link, and returns the outcome of each. A failed mail does not undo its invitation. A
    /// repeat of a request sends all mails again until the outcomes of the first request are stored, and none after that.
    pub async fn mail(&self, caller: &Caller, letters: Vec<(Invited, String)>) -> Vec<MailOutcome> {
        let count = letters.len();
        let Some(mailer) = self.mailer.clone() else {
            return vec![MailOutcome::NotConfigured; count];
        };
        let known = letters.iter().map(|(invited, _)| invited.mailed).collect();
        if let Some(outcomes) = known {
            return outcomes;
        }
        // A task of its own, because the client may disconnect before the last mail is sent.
        let (audit, caller, now) = (self.audit.clone(), caller.clone(), self.platform.now());
        let sending = async move {
            let outcomes = send_all(&mailer, caller.actor().name(), &letters, now).await;
            let mailed = letters.into_iter().zip(&outcomes);
            let mailed = mailed.map(|((invited, _), outcome)| Invited {
                mailed: Some(*outcome),
                ..invited
            });
            let mailed: Vec<Invited> = mailed.collect();
            if let Err(error) = audit.complete_creation(&caller, &mailed).await {
                tracing::warn!(error = %ErrorChain(&error), "The outcomes of mails cannot be stored: a repeat of the request sends the mails again.");
            }
            outcomes
        };
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
