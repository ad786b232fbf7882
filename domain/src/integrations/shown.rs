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

/// Whether [`shown`] contains a secret.
#[must_use]
pub fn shows_secrets(document: &Document, secrets: &Secrets) -> bool {
    let fields = kind_of(document)
        .into_iter()
        .flat_map(IntegrationKind::fields);
    fields
        .filter(|field| field.readers == Readers::Administrators)
        .any(|field| secrets.find(field.name).is_some())
}

/// The document in a response to a reader of these secrets. Secrets that are never returned are omitted for all
/// readers.
#[must_use]
pub fn shown(document: &Document, secrets: &Secrets, aws_account_arn: &str) -> Document {
    let mut shown = document.clone();
    let Some(kind) = kind_of(document) else {
        return shown;
    };
    for field in kind.fields() {
        match (field.readers, secrets.find(field.name)) {
            (Readers::Administrators, Some(secret)) => {
                shown.insert(field.name.to_owned(), secret.clone());
            }
            (Readers::NoneAsNull, _) => {
                shown.insert(field.name.to_owned(), Value::Null);
            }
            (Readers::Administrators, None) | (Readers::Members | Readers::NoOne, _) => {}
        }
    }
    for field in kind.managed {
        shown.insert((*field).to_owned(), Value::Null);
    }
    if kind.name == AWS {
        shown.insert("sfxAwsAccountArn".to_owned(), json!(aws_account_arn));
    }
    shown
}
