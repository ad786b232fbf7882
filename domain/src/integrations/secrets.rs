//! Secrets of integrations: extracted from a request, kept when omitted, masked for the audit log. The types here do
//! not print them.

use std::fmt;

use serde_json::{Value, json};

use crate::{
    integrations::{
        field::{Field, Shape},
        kind::{Content, IntegrationKind},
        kinds::kind_of,
    },
    platform::{document::Document, masked_url::masked_url},
};

/// Replaces a secret in the audit log.
const BLANK: &str = "(secret)";

/// Replaces a secret that differs from the previous one.
const OTHER: &str = "(another secret)";

/// Suffixes of names that mark a secret in a type without a table of fields.
const SECRET_ENDINGS: &[&str] = &["key", "token", "secret", "password"];

/// Secrets in plain form, by their path in the document. They do not print.
#[derive(Clone, PartialEq, Default)]
pub struct Secrets(Document);

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Secrets by path, as [`Secrets::reveal`] returns them.
    #[must_use]
    pub const fn of(revealed: Document) -> Self {
        Self(revealed)
    }

    /// All secrets, for encryption.
    #[must_use]
    pub const fn reveal(&self) -> &Document {
        &self.0
    }

    /// Whether there is no secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The paths of the secrets: names of fields, and `list/item/field` for a secret of an item.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub(crate) fn find(&self, place: &str) -> Option<&Value> {
        self.0.get(place)
    }

    /// These secrets, replaced by those of a request. An empty value removes a secret.
    fn replaced_by(mut self, given: Self) -> Self {
        for (place, value) in given.0 {
            if is_nothing(&value) {
                self.0.remove(&place);
            } else {
                self.0.insert(place, value);
            }
        }
        self
    }
}

fn is_nothing(value: &Value) -> bool {
    [json!(""), json!({}), json!([])].contains(value)
}

/// Removes the secrets of a document of a known type.
pub(crate) fn remove(document: &mut Document) {
    if let Some(kind) = kind_of(document) {
        drop(take(document, kind, &Secrets::default()));
    }
}

/// Extracts the secrets of a document, and adds the stored ones that it does not replace.
pub(crate) fn take(document: &mut Document, kind: &IntegrationKind, stored: &Secrets) -> Secrets {
    let mut given = Secrets::default();
    match kind.content {
        Content::Free => take_named(document, "", &mut given.0),
        Content::Known(fields) => {
            for field in fields {
                take_field(document, field, &mut given.0);
            }
        }
    }
    let mut secrets = stored.clone().replaced_by(given);
    for (field, ..) in kind.fields().iter().filter_map(keyed) {
        let places = places(document, field);
        let all = format!("{}/", field.name);
        secrets
            .0
            .retain(|place, _| !place.starts_with(&all) || places.contains(place));
    }
    secrets
}

fn take_field(document: &mut Document, field: &Field, given: &mut Document) {
    if field.is_secret() {
        if let Some(value) = document.shift_remove(field.name) {
            given.insert(field.name.to_owned(), value);
        }
    } else if let Some((_, _, secret)) = keyed(field) {
        let places = places(document, field);
        let items = document.get_mut(field.name).and_then(Value::as_array_mut);
        for (item, place) in items.into_iter().flatten().zip(places) {
            let value = item
                .as_object_mut()
                .and_then(|item| item.shift_remove(secret.name));
            if let Some(value) = value.filter(|value| !value.is_null()) {
                given.insert(place, value);
            }
        }
    }
}

/// A list field whose items have a secret: the list, the identifying field, the secret.
pub(crate) fn keyed(field: &Field) -> Option<(&Field, &'static Field, &'static Field)> {
    let Shape::Objects(inner) = field.shape else {
        return None;
    };
    let secret = inner.iter().find(|inner| inner.is_secret())?;
    Some((field, inner.first()?, secret))
}

/// The path of each item's secret. It uses the item's identifier, because items can be reordered.
pub(crate) fn places(document: &Document, field: &Field) -> Vec<String> {
    let Some((_, known_by, secret)) = keyed(field) else {
        return Vec::new();
    };
    let items = document.get(field.name).and_then(Value::as_array);
    let place = |item: &Value| {
        let id = item.get(known_by.name).and_then(Value::as_str);
        format!("{}/{}/{}", field.name, id.unwrap_or_default(), secret.name)
    };
    items.into_iter().flatten().map(place).collect()
}

/// Extracts all fields that are named like a secret, at any depth.
fn take_named(document: &mut Document, path: &str, given: &mut Document) {
    let is_secret = |name: &str| {
        let name = name.to_lowercase();
        SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    let names: Vec<String> = document
        .keys()
        .filter(|name| is_secret(name))
        .cloned()
        .collect();
    for name in names {
        if let Some(value) = document
            .shift_remove(&name)
            .filter(|value| !value.is_null())
        {
            given.insert(format!("{path}{name}"), value);
        }
    }
    for (name, value) in document.iter_mut() {
        take_within(value, &format!("{path}{name}/"), given);
    }
}

fn take_within(value: &mut Value, path: &str, given: &mut Document) {
    match value {
        Value::Object(members) => take_named(members, path, given),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                take_within(item, &format!("{path}{index}/"), given);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Masks the URLs that an integration sends to: members may read them, but the audit log is exported.
fn mask_addresses(document: &mut Document) {
    let fields = kind_of(document)
        .into_iter()
        .flat_map(IntegrationKind::fields);
    let addresses = fields.filter(|field| matches!(field.shape, Shape::Address));
    let names: Vec<_> = addresses.map(|field| field.name).collect();
    for name in names {
        if let Some(Value::String(url)) = document.get_mut(name) {
            *url = masked_url(url);
        }
    }
}

/// An integration as the audit log shows it, with masked secrets and URLs. A secret that differs from `before` has a
/// different mask.
#[must_use]
pub fn masked(
    name: &str,
    document: &Document,
    secrets: &Secrets,
    before: Option<&Secrets>,
) -> Document {
    let mut masked = Document::new();
    masked.insert("name".to_owned(), json!(name));
    masked.extend(document.clone());
    mask_addresses(&mut masked);
    for (place, secret) in &secrets.0 {
        let was = before.and_then(|before| before.find(place));
        let blank = if was.is_some_and(|was| was != secret) {
            OTHER
        } else {
            BLANK
        };
        masked.insert(place.clone(), json!(blank));
    }
    masked
}
