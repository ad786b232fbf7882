//! Requests about integrations (docs/contract.md#integrations). `kinds` has the table of types.

use serde_json::{Value, json};

use crate::{
    integrations::{
        kind::{Content, IntegrationKind},
        kinds::{AWS, JIRA, KINDS, find_kind},
        secrets::{self, Secrets},
    },
    platform::{
        document::{Document, kept, reject},
        fields::Fields,
        id::Id,
        rejection::Rejected,
    },
};

/// The account that AWS integrations trust by default.
pub const STANDARD_AWS_ACCOUNT_ARN: &str = "arn:aws:iam::000000000000:root";

/// Length of an external id, in characters.
pub const EXTERNAL_ID_LETTERS: usize = 20;

/// The field of a stored document that holds the encrypted secrets. Requests cannot set it.
pub const ENCRYPTED: &str = "$sealed";

/// The purpose of their encryption: the secrets of this integration. Decryption requires the same purpose.
#[must_use]
pub fn secrets_purpose(id: Id) -> String {
    format!("integration {id}")
}

/// Fields that only the server writes; requests cannot set them (docs/contract.md#managed-fields).
const MANAGED: &[&str] = &[
    "id",
    "name",
    "type",
    "created",
    "creator",
    "createdByName",
    "lastUpdated",
    "lastUpdatedBy",
    "lastUpdatedByName",
    ENCRYPTED,
];

/// A stored integration with its decrypted secrets.
#[derive(Debug, Clone, Copy)]
pub struct StoredIntegration<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its document, without the secrets.
    pub document: &'a Document,
    /// Its secrets.
    pub secrets: &'a Secrets,
}

/// A parsed request for an integration; its named token is not looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrationDraft {
    /// Its name.
    pub name: String,
    /// The fields stored as given, without the secrets.
    pub document: Document,
    /// The secrets: those of the request, else the stored ones.
    pub secrets: Secrets,
}

impl IntegrationDraft {
    /// Parses a request. `present` is the stored integration. A new one may be incomplete, because clients create it
    /// first and complete it with fields of the response.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#integrations.
    pub fn read(
        given: &Document,
        present: Option<StoredIntegration<'_>>,
    ) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let kind = kind_for(&fields, present)?;
        let name = fields.name(present.map(|present| present.name))?;
        fields.truth("enabled")?;
        for field in kind.fields() {
            field.check(&fields)?;
        }
        let mut document = Document::new();
        document.insert("type".to_owned(), json!(kind.name));
        document.extend(content(given, kind));
        if let Some(present) = present {
            keep_unsaid(&mut document, kind, present.document);
        }
        let stored = present.map(|present| present.secrets.clone());
        let secrets = secrets::take(&mut document, kind, &stored.unwrap_or_default());
        settle_metric_streams(&mut document);
        let draft = Self {
            name,
            document,
            secrets,
        };
        draft.check_complete(kind)?;
        if present.is_some() {
            draft.check_enabled(kind)?;
        }
        Ok(draft)
    }

    fn check_complete(&self, kind: &IntegrationKind) -> Result<(), Rejected> {
        for field in kind.fields() {
            if field.required {
                self.needed(field.name)?;
            }
            for place in secrets::places(&self.document, field) {
                if self.secrets.find(&place).is_none() {
                    return Err(reject(place, "is missing"));
                }
            }
        }
        if kind.name == JIRA {
            for field in match self.text("authMethod") {
                "EmailAndToken" => ["userEmail", "apiToken"],
                _ => ["username", "password"],
            } {
                self.needed(field)?;
            }
        }
        Ok(())
    }

    /// The fields that AWS requires before metrics can be fetched.
    fn check_enabled(&self, kind: &IntegrationKind) -> Result<(), Rejected> {
        let enabled = self.document.get("enabled") != Some(&json!(false));
        if kind.name != AWS || !enabled {
            return Ok(());
        }
        match self.text("authMethod") {
            "SecurityToken" => self.needed("key").and_then(|()| self.needed("token")),
            _ => self.needed("roleArn"),
        }
    }

    fn needed(&self, field: &str) -> Result<(), Rejected> {
        let value = self.document.get(field).or(self.secrets.find(field));
        match value.filter(|value| **value != json!("")) {
            Some(_) => Ok(()),
            None => Err(reject(field, "is missing")),
        }
    }

    fn text(&self, field: &str) -> &str {
        let text = self.document.get(field).and_then(Value::as_str);
        text.unwrap_or_default()
    }

    /// Whether AWS needs an external id, the shared secret that identifies us.
    #[must_use]
    pub fn needs_external_id(&self) -> bool {
        self.text("type") == AWS && !self.document.contains_key("externalId")
    }
}

fn kind_for(
    given: &Fields<'_>,
    present: Option<StoredIntegration<'_>>,
) -> Result<&'static IntegrationKind, Rejected> {
    let asked = given.text("type")?.filter(|name| !name.is_empty());
    let stored = present.and_then(|present| present.document.get("type"));
    let stored = stored.and_then(Value::as_str);
    let name = given.required("type", asked.or(stored))?;
    if stored.is_some_and(|stored| stored != name) {
        return Err(given.reject("type", "cannot change"));
    }
    find_kind(name).ok_or_else(|| {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        given.reject("type", format!("must be one of {}", names.join(", ")))
    })
}

/// The fields of a request that are stored, besides name and type.
fn content(given: &Document, kind: &IntegrationKind) -> Document {
    match kind.content {
        Content::Known(fields) => {
            let mut names: Vec<_> = fields.iter().map(|field| field.name).collect();
            names.push("enabled");
            kept(given, &names)
        }
        Content::Free => {
            let own = given
                .iter()
                .filter(|(field, value)| !MANAGED.contains(&field.as_str()) && !value.is_null());
            own.map(|(field, value)| (field.clone(), value.clone()))
                .collect()
        }
    }
}

/// Keeps fields that a request omits: those the server set, and lists whose items have secrets.
fn keep_unsaid(document: &mut Document, kind: &IntegrationKind, present: &Document) {
    let keyed = kind.fields().iter().filter_map(secrets::keyed);
    let mut unsaid: Vec<_> = keyed.map(|(field, ..)| field.name).collect();
    if kind.name == AWS {
        unsaid.push("externalId");
    }
    for field in unsaid {
        if let (false, Some(value)) = (document.contains_key(field), present.get(field)) {
            document.insert(field.to_owned(), value.clone());
        }
    }
}

/// There are no metric streams, so a cancellation completes at once; clients wait for that
/// (docs/contract.md#integrations).
fn settle_metric_streams(document: &mut Document) {
    if let Some(state) = document.get_mut("metricStreamsSyncState")
        && *state == json!("CANCELLING")
    {
        *state = json!("DISABLED");
    }
}

#[cfg(test)]
mod tests;
