//! Notices of many failed sign-ins: a mail to the member and the administrators, if a mail server is configured.

use std::sync::Arc;

use domain::{
    identity::actor::RequestMeta,
    platform::{id::Id, timestamp::Timestamp},
};
use store::Member;

use crate::{
    identity::handle::Identities,
    platform::{
        error::ServiceError,
        mail::{Mailer, OutgoingMail},
    },
};

/// Limit on the administrators that get a mail.
const ADMINISTRATORS: i64 = 20;

impl Identities {
    /// Sends a mail about the failed sign-ins of a member to the member and the administrators, without waiting for it.
    pub(super) async fn notify_of_failures(
        &self,
        member: &Member,
        failures: &str,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        tracing::warn!(user.id = %member.id, "Too many sign-ins of a member failed.");
        let Some(mailer) = self.mailer.clone() else {
            return Ok(());
        };
        let mut read = self.platform.store().read().await?;
        let mut recipients = read
            .list_administrators(member.organization_id, ADMINISTRATORS)
            .await?;
        recipients.retain(|administrator| administrator.id != member.id);
        recipients.insert(0, member.clone());
        let text = text(member, failures, &request.address);
        let letters: Vec<_> = recipients
            .into_iter()
            .map(|recipient| (self.platform.new_id(), recipient))
            .collect();
        let now = self.platform.now();
        // Nothing waits for the mail server.
        drop(tokio::spawn(async move {
            send_all(&mailer, &letters, &text, now).await;
        }));
        Ok(())
    }
}

async fn send_all(mailer: &Arc<Mailer>, letters: &[(Id, Member)], text: &str, now: Timestamp) {
    for (id, recipient) in letters {
        let mail = OutgoingMail {
            id: *id,
            at: now,
            name: Some(recipient.full_name.clone()).filter(|name| !name.is_empty()),
            email: &recipient.email,
            subject: "Failed sign-ins to Countersign".to_owned(),
            text: text.to_owned(),
        };
        if let Err(reason) = mailer.send(mail).await {
            tracing::warn!(user.id = %recipient.id, reason, "A notice of failed sign-ins could not be mailed.");
        }
    }
}

fn text(member: &Member, failures: &str, address: &str) -> String {
    let from = if address.is_empty() {
        String::new()
    } else {
        format!(" The last attempt came from {address}.")
    };
    format!(
        "Hello,\n\n\
         Sign-ins of the account {} are limited. {failures}{from}\n\n\
         Browsers that the account has signed in with are not affected. If these attempts were not yours, no action is \
         needed as long as the password is used nowhere else. An administrator can lift the limit on the page of the \
         member, and the audit log lists the attempts.\n",
        member.email
    )
}
