//! Webhooks that are sent back masked: a writer may send what a reader has read (docs/contract.md#notifications).

use std::borrow::Cow;

use serde_json::Value;

use super::notification::{has_secret_url, is_mask};
use crate::platform::{document::Document, masked_url::masked_url};

/// The request with each masked webhook replaced by that of `present`.
#[must_use]
pub fn unmasked<'a>(given: &'a Document, present: &Document) -> Cow<'a, Document> {
    if !has_mask(given) {
        return Cow::Borrowed(given);
    }
    let mut known = Vec::new();
    visit(&mut present.clone(), &mut |webhook| {
        known.push(webhook.clone())
    });
    let mut document = given.clone();
    visit(&mut document, &mut |webhook| unmask(webhook, &known));
    Cow::Owned(document)
}

fn text<'a>(webhook: &'a Document, field: &str) -> &'a str {
    webhook
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn unmask(webhook: &mut Document, known: &[Document]) {
    let url = text(webhook, "url");
    let is_of = |known: &&Document| {
        let known = text(known, "url");
        known == url || masked_url(known) == url
    };
    let Some(found) = known.iter().find(is_of) else {
        return;
    };
    for field in ["url", "secret"] {
        if is_mask(field, text(webhook, field))
            && let Some(value) = found.get(field)
        {
            webhook.insert(field.to_owned(), value.clone());
        }
    }
}

fn has_mask(document: &Document) -> bool {
    let is_webhook = has_secret_url(document);
    document.iter().any(|(name, value)| match value {
        Value::String(text) => {
            is_webhook && matches!(name.as_str(), "url" | "secret") && is_mask(name, text)
        }
        Value::Array(_) | Value::Object(_) => has_mask_within(value),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    })
}

fn has_mask_within(value: &Value) -> bool {
    match value {
        Value::Object(members) => has_mask(members),
        Value::Array(items) => items.iter().any(has_mask_within),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Visits each webhook of a document.
fn visit(document: &mut Document, found: &mut impl FnMut(&mut Document)) {
    if has_secret_url(document) {
        found(document);
    }
    for value in document.values_mut() {
        visit_within(value, found);
    }
}

fn visit_within(value: &mut Value, found: &mut impl FnMut(&mut Document)) {
    match value {
        Value::Object(members) => visit(members, found),
        Value::Array(items) => items.iter_mut().for_each(|item| visit_within(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::notification::without_secrets;

    fn document(value: Value) -> Document {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_is_sent_back_masked_is_what_is_stored() {
        let webhook = |url: &str| json!({"type": "Webhook", "url": url, "secret": url});
        let present = document(json!({"rules": [{"notifications": [
            webhook("https://a.example/one"), webhook("https://a.example/two"), {"type": "Email", "email": "a@b"},
        ]}], "name": "(secret)"}));
        let masked = without_secrets(present.clone());
        assert_ne!(masked, present);
        assert_eq!(*unmasked(&masked, &present), present);
        assert!(matches!(unmasked(&present, &present), Cow::Borrowed(_)));

        let mut changed = masked;
        changed["rules"][0]["notifications"][0] = webhook("https://b.example/(secret 000000)");
        let kept = unmasked(&changed, &present);
        assert_eq!(
            kept["rules"][0]["notifications"][0],
            changed["rules"][0]["notifications"][0]
        );
        assert_eq!(
            kept["rules"][0]["notifications"][1],
            present["rules"][0]["notifications"][1]
        );
    }
}
