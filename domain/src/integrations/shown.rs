//! The documents of responses about integrations (docs/contract.md#integrations).

use serde_json::{Value, json};

use crate::{
    integrations::{
        field::Readers,
        kind::IntegrationKind,
        kinds::{AWS, kind_of},
        secrets::Secrets,
    },
    platform::document::Document,
};

/// The values in responses for fields that were not given. Fields absent here stay absent.
#[must_use]
pub fn defaults(document: &Document) -> Vec<(&'static str, Value)> {
    kind_of(document)
        .map(IntegrationKind::defaults)
        .unwrap_or_default()
}

/// The document in a response, without secrets.
#[must_use]
pub fn shown(document: &Document, aws_account_arn: &str) -> Document {
    let mut shown = document.clone();
    let Some(kind) = kind_of(document) else {
        return shown;
    };
    let always_null = kind
        .fields()
        .iter()
        .filter(|field| field.readers == Readers::NoneAsNull)
        .map(|field| field.name);
    for field in always_null.chain(kind.managed.iter().copied()) {
        shown.insert(field.to_owned(), Value::Null);
    }
    if kind.name == AWS {
        shown.insert("sfxAwsAccountArn".to_owned(), json!(aws_account_arn));
    }
    shown
}

/// Adds the secrets that administrators may read to a document. Others are returned to no one. Returns whether any was
/// added.
pub fn show_secrets(document: &mut Document, secrets: &Secrets) -> bool {
    let Some(kind) = kind_of(document) else {
        return false;
    };
    let mut shows_any = false;
    for field in kind.fields() {
        if let (Readers::Administrators, Some(secret)) = (field.readers, secrets.find(field.name)) {
            document.insert(field.name.to_owned(), secret.clone());
            shows_any = true;
        }
    }
    shows_any
}
