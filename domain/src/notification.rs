//! Whom to tell: the notification objects of detectors, teams and org tokens (contract 3.10).

use crate::{document::Fields, refusal::Refused};

/// The types there are. A client that reads an unknown one cannot read the whole object around it (contract 1.13).
const TYPES: &[&str] = &[
    "Email",
    "EmailTemplate",
    "Team",
    "TeamEmail",
    "Slack",
    "PagerDuty",
    "BigPanda",
    "Jira",
    "Office365",
    "ServiceNow",
    "XMatters",
    "AmazonEventBridge",
    "SplunkPlatform",
    "Opsgenie",
    "VictorOps",
    "Webhook",
];

/// Fields that hold a text wherever they appear.
const TEXTS: &[&str] = &[
    "email",
    "templateId",
    "channel",
    "credentialName",
    "responderName",
    "responderId",
    "responderType",
    "routingKey",
    "url",
    "secret",
];

/// Judges the notifications in a list. What they refer to may be gone (contract 3.10), so nothing is looked up.
pub(crate) fn check_notifications(around: &Fields<'_>, field: &str) -> Result<(), Refused> {
    around.each(field, |notification| {
        let kind = notification.word("type", TYPES)?;
        let kind = notification.required("type", kind)?;
        for field in TEXTS {
            notification.text(field)?;
        }
        for field in ["cc", "bcc"] {
            notification.texts(field)?;
        }
        for field in needed(kind) {
            notification.required(
                field,
                notification.text(field)?.filter(|text| !text.is_empty()),
            )?;
        }
        for field in ["credentialId", "team"] {
            notification.id(field)?;
        }
        Ok(())
    })
}

/// What a notification cannot do without.
fn needed(kind: &str) -> &'static [&'static str] {
    match kind {
        "Email" => &["email"],
        "EmailTemplate" => &["templateId"],
        "Team" | "TeamEmail" => &["team"],
        "Slack" => &["credentialId", "channel"],
        // It has either an integration or an address of its own.
        "Webhook" => &[],
        _ => &["credentialId"],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(notification: Value, field: Option<&str>) {
        let document = json!({ "notifications": [notification] });
        let refused =
            check_notifications(&Fields::of(document.as_object().unwrap()), "notifications").err();
        assert_eq!(refused.map(|refused| refused.field).as_deref(), field);
    }

    #[test]
    fn every_type_has_what_it_needs() {
        check(
            json!({"type": "Email", "email": "a@example.com", "cc": ["b@example.com"]}),
            None,
        );
        check(
            json!({"type": "Slack", "credentialId": "EvKd3pTAEAE", "channel": "alerts"}),
            None,
        );
        check(
            json!({"type": "Webhook", "url": "https://example.com", "secret": "s"}),
            None,
        );
        check(
            json!({"type": "Webhook", "credentialId": "EvKd3pTAEAE", "secret": "", "url": ""}),
            None,
        );
        check(json!({"type": "Team", "team": "EjUi_UhA0AA"}), None);
    }

    #[test]
    fn what_clients_could_not_read_is_refused() {
        check(json!({}), Some("notifications[0].type"));
        check(json!({"type": ""}), Some("notifications[0].type"));
        check(json!({"type": "Pigeon"}), Some("notifications[0].type"));
        check(
            json!({"type": "email", "email": "a@example.com"}),
            Some("notifications[0].type"),
        );
        check(json!({"type": "Email"}), Some("notifications[0].email"));
        check(
            json!({"type": "PagerDuty", "credentialId": "x"}),
            Some("notifications[0].credentialId"),
        );
        check(
            json!({"type": "Email", "email": 1}),
            Some("notifications[0].email"),
        );
        check(json!("Email"), Some("notifications[0]"));
    }
}
