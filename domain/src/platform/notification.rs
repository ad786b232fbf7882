//! The notification objects of detectors, teams and org tokens (docs/contract.md#notifications).

use std::convert::Infallible;

use serde_json::Value;

use crate::platform::{
    document::Document, fields::Fields, masked_url::masked_url, rejection::Rejected,
};

/// The known types. A client that reads an unknown type fails on the whole object (docs/contract.md#fragile-fields).
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

/// Fields that are strings in every type.
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

/// Checks the notifications of a list. Their references are not looked up, because they may be deleted
/// (docs/contract.md#notifications).
pub(crate) fn check_notifications(around: &Fields<'_>, field: &str) -> Result<(), Rejected> {
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
        if kind == "Webhook" {
            check_webhook(&notification)?;
        }
        Ok(())
    })
}

/// A webhook is sent by an integration or to a URL of its own.
fn check_webhook(webhook: &Fields<'_>) -> Result<(), Rejected> {
    let is_given = |field: &str| {
        webhook
            .text(field)
            .map(|text| text.is_some_and(|text| !text.is_empty()))
    };
    for field in ["url", "secret"] {
        if webhook
            .text(field)?
            .is_some_and(|text| is_mask(field, text))
        {
            return Err(webhook.reject(field, "is masked; send the real one"));
        }
    }
    match (is_given("credentialId")?, is_given("url")?) {
        (true, false) | (false, true) => Ok(()),
        (false, false) => Err(webhook.reject("url", "is missing, and so is credentialId")),
        (true, true) => Err(webhook.reject("url", "may not be given together with credentialId")),
    }
}

/// Replaces a secret in the audit log.
pub(crate) const BLANK: &str = "(secret)";

/// Whether a URL or secret of a webhook is the mask of one.
pub(super) fn is_mask(field: &str, text: &str) -> bool {
    text == BLANK || field == "url" && text.contains("(secret ")
}

/// The document with masked secrets and URLs of webhooks, wherever its notifications are: for the audit log.
#[must_use]
pub fn without_secrets(mut document: Document) -> Document {
    let masked: Result<(), Infallible> = visit_secrets(&mut document, &mut |field, value| {
        *value = match (field, &*value) {
            (WebhookSecret::Url, Value::String(url)) => masked_url(url).into(),
            (WebhookSecret::Url | WebhookSecret::Secret, _) => BLANK.into(),
        };
        Ok(())
    });
    match masked {
        Ok(()) => document,
        Err(never) => match never {},
    }
}

/// Whether a document contains a secret of a webhook, or a URL with more than a host.
#[must_use]
pub fn has_secrets(document: &Document) -> bool {
    let has_secret_url = has_secret_url(document);
    document.iter().any(|(name, value)| {
        if !is_secret(has_secret_url, name) {
            return has_secrets_within(value);
        }
        match value.as_str().filter(|_| name == "url") {
            Some(url) => masked_url(url) != url,
            None => is_given(value),
        }
    })
}

fn has_secrets_within(value: &Value) -> bool {
    match value {
        Value::Object(members) => has_secrets(members),
        Value::Array(items) => items.iter().any(has_secrets_within),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A secret of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookSecret {
    /// Its secret.
    Secret,
    /// Its URL, whose path is a credential.
    Url,
}

/// Whether a member is a secret. What is inside a secret is a part of it, and not a notification.
fn is_secret(has_secret_url: bool, name: &str) -> bool {
    has_secret_url && matches!(name, "secret" | "url")
}

/// Visits the secrets of webhooks in a document, wherever its notifications are, until one visit fails. The document
/// of a webhook integration is a webhook, too.
///
/// # Errors
/// That of the visit.
pub fn visit_secrets<E>(
    document: &mut Document,
    visit: &mut impl FnMut(WebhookSecret, &mut Value) -> Result<(), E>,
) -> Result<(), E> {
    let has_secret_url = has_secret_url(document);
    if has_secret_url {
        for (name, field) in [
            ("secret", WebhookSecret::Secret),
            ("url", WebhookSecret::Url),
        ] {
            if let Some(value) = document.get_mut(name).filter(|value| is_given(value)) {
                visit(field, value)?;
            }
        }
    }
    for (name, value) in document.iter_mut() {
        if !is_secret(has_secret_url, name) {
            visit_within(value, visit)?;
        }
    }
    Ok(())
}

fn visit_within<E>(
    value: &mut Value,
    visit: &mut impl FnMut(WebhookSecret, &mut Value) -> Result<(), E>,
) -> Result<(), E> {
    match value {
        Value::Object(members) => visit_secrets(members, visit),
        Value::Array(items) => {
            for item in items {
                visit_within(item, visit)?;
            }
            Ok(())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// Whether the `url` of the document is a credential: that of a webhook, or of an integration that works like one.
pub(super) fn has_secret_url(document: &Document) -> bool {
    let kind = document.get("type").and_then(Value::as_str);
    kind.is_some_and(|kind| ["Webhook", "XMatters", "SplunkPlatform"].contains(&kind))
}

/// Whether a value is neither absent nor empty.
fn is_given(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

/// The required fields of a type.
fn needed(kind: &str) -> &'static [&'static str] {
    match kind {
        "Email" => &["email"],
        "EmailTemplate" => &["templateId"],
        "Team" | "TeamEmail" => &["team"],
        "Slack" => &["credentialId", "channel"],
        // See [`check_webhook`].
        "Webhook" => &[],
        _ => &["credentialId"],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(notification: Value, field: Option<&str>) {
        let document = json!({ "notifications": [notification] });
        let rejected =
            check_notifications(&Fields::of(document.as_object().unwrap()), "notifications").err();
        assert_eq!(rejected.map(|rejected| rejected.field).as_deref(), field);
    }

    #[test]
    fn every_type_has_its_required_fields() {
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
        let url = Some("notifications[0].url");
        check(json!({"type": "Webhook"}), url);
        check(
            json!({"type": "Webhook", "secret": "s", "url": "", "credentialId": null}),
            url,
        );
        check(
            json!({"type": "Webhook", "url": "https://example.com", "credentialId": "EvKd3pTAEAE"}),
            url,
        );
    }

    #[test]
    fn the_audit_log_never_has_the_secret_of_a_webhook() {
        let url = "https://example.com/services/hunter2";
        let webhook = json!({"type": "Webhook", "url": url, "secret": "hunter2"});
        let detector = json!({"rules": [{"notifications": [webhook]}], "default": [webhook], "secret": "not one"});
        let masked = without_secrets(detector.as_object().unwrap().clone());
        let text = json!(masked).to_string();
        assert!(
            !text.contains("hunter2") && text.contains("https://example.com"),
            "{text}"
        );
        assert_eq!(masked["secret"], "not one");
    }

    #[test]
    fn a_document_has_secrets_when_masking_changes_it() {
        let check = |webhook: Value, expected: bool| {
            for document in [
                webhook.clone(),
                json!({"rules": [{"notifications": [webhook]}]}),
            ] {
                let document = document.as_object().unwrap();
                assert_eq!(has_secrets(document), expected, "{document:?}");
                assert_eq!(without_secrets(document.clone()) != *document, expected);
            }
        };
        check(json!({"type": "Webhook", "secret": "hunter2"}), true);
        check(json!({"type": "Webhook", "secret": {"of": "it"}}), true);
        check(
            json!({"type": "XMatters", "url": "https://example.com/hunter2"}),
            true,
        );
        check(
            json!({"type": "Webhook", "url": "https://example.com", "secret": ""}),
            false,
        );
        check(
            json!({"type": "Webhook", "url": null, "secret": null}),
            false,
        );
        check(
            json!({"type": "Email", "url": "https://example.com/x", "secret": "s"}),
            false,
        );
    }

    #[test]
    fn notifications_that_clients_cannot_read_are_rejected() {
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
