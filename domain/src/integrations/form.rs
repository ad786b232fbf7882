//! Forms of integrations: the fields of each type, the stored values as text, and parsing of what was typed. Derived
//! from the same table that validates requests.

use serde_json::{Value, json};

use crate::integrations::{
    field::{Field, SHORTEST_POLL_MS, Shape},
    kinds::{Content, KINDS, find_kind},
};
use crate::platform::{
    document::{Document, reject},
    rejection::Rejected,
};

/// Maximum number of items of a list in a form.
const ITEMS: usize = 200;

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormPart {
    /// A field.
    Field(FormField),
    /// A list of items, each with these fields.
    Items {
        /// The field that holds the list.
        name: &'static str,
        /// Its label.
        label: String,
        /// The fields of an item.
        fields: Vec<FormField>,
    },
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// The path in the document: `url`, `assignee.name`.
    pub path: String,
    /// Its label.
    pub label: String,
    /// The kind of input.
    pub input: FormInput,
    /// Whether a value is required.
    pub required: bool,
    /// Whether the value is never shown.
    pub is_secret: bool,
}

/// The kind of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormInput {
    /// One line.
    Line,
    /// A web address.
    Address,
    /// Several lines: a template, a certificate.
    Text,
    /// One of these values.
    Word(&'static [&'static str]),
    /// True or false.
    Truth,
    /// An integer within these bounds.
    Number(i64, i64),
    /// Strings, one per line.
    Lines,
    /// Names and values, one pair per line.
    Pairs,
    /// A nested value, as JSON.
    Json,
}

/// The names of all types, in the order of the table.
pub fn kind_names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.name)
}

/// The form of a type, without name and enabled state. Empty for a type whose document is free; `None` for an unknown
/// type.
#[must_use]
pub fn form_of(kind: &str) -> Option<Vec<FormPart>> {
    let Content::Known(fields) = find_kind(kind)?.content else {
        return Some(Vec::new());
    };
    let mut parts = Vec::new();
    for field in fields {
        if let Shape::Objects(inner) = field.shape {
            parts.push(FormPart::Items {
                name: field.name,
                label: label(field.name),
                fields: inner.iter().flat_map(|field| flat(field, "")).collect(),
            });
        } else {
            parts.extend(flat(field, "").into_iter().map(FormPart::Field));
        }
    }
    Some(parts)
}

/// The form field, or those of a nested object.
fn flat(field: &Field, around: &str) -> Vec<FormField> {
    let path = format!("{around}{}", field.name);
    let input = match field.shape {
        Shape::Object(inner) => {
            let around = format!("{path}.");
            return inner
                .iter()
                .flat_map(|field| flat(field, &around))
                .collect();
        }
        Shape::Text if is_long(field.name) => FormInput::Text,
        Shape::Text => FormInput::Line,
        Shape::Address => FormInput::Address,
        Shape::Word(words) => FormInput::Word(words),
        Shape::Truth => FormInput::Truth,
        Shape::Number => FormInput::Number(0, i64::from(i32::MAX)),
        Shape::PollRate(longest_ms) => FormInput::Number(SHORTEST_POLL_MS, longest_ms),
        Shape::Texts => FormInput::Lines,
        Shape::TextMap => FormInput::Pairs,
        Shape::ListMap | Shape::Statistics | Shape::Objects(_) => FormInput::Json,
    };
    vec![FormField {
        label: label(&path),
        path,
        input,
        required: field.required,
        is_secret: field.is_secret(),
    }]
}

/// Whether the value is usually longer than one line.
fn is_long(name: &str) -> bool {
    ["Template", "metadata", "publicKey", "Config", "projectKey"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// The label of a field: `webhookUrl` is "Webhook URL".
#[must_use]
pub fn label(path: &str) -> String {
    const SHORT: &[&str] = &[
        "api", "arn", "aws", "emr", "gce", "gcp", "hec", "id", "os", "url", "wif",
    ];
    let mut words: Vec<String> = Vec::new();
    let signs: Vec<char> = path.chars().collect();
    for (at, sign) in signs.iter().enumerate() {
        let after_small = at > 0 && signs[at - 1].is_lowercase();
        let before_small = signs.get(at + 1).is_some_and(|next| next.is_lowercase());
        let begins = sign.is_uppercase() && (after_small || before_small);
        if *sign == '.' || words.is_empty() || begins {
            words.push(String::new());
        }
        if *sign != '.'
            && let Some(word) = words.last_mut()
        {
            word.extend(sign.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    for (place, word) in words.iter_mut().enumerate() {
        if SHORT.contains(&word.as_str()) {
            *word = word.to_uppercase();
        } else if word == "ids" {
            "IDs".clone_into(word);
        } else if place == 0
            && let Some(first) = word.get_mut(..1)
        {
            first.make_ascii_uppercase();
        }
    }
    words.join(" ")
}

/// Number of items of a list in the document.
#[must_use]
pub fn item_count(document: &Document, name: &str) -> usize {
    document
        .get(name)
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}

/// The value of a field as text to edit. `item` is the list and the index of the item that has the field.
#[must_use]
pub fn typed(document: &Document, item: Option<(&str, usize)>, field: &FormField) -> String {
    let mut path = field.path.split('.');
    let first = path.next().unwrap_or_default();
    let value = match item {
        None => document.get(first),
        Some((list, place)) => document
            .get(list)
            .and_then(|items| items.get(place)?.get(first)),
    };
    let value = path.fold(value, |value, name| value?.get(name));
    value
        .map(|value| written(value, field.input))
        .unwrap_or_default()
}

fn written(value: &Value, input: FormInput) -> String {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    match (input, value) {
        (_, Value::Null) => String::new(),
        (FormInput::Lines, Value::Array(items)) => {
            items.iter().map(text).collect::<Vec<_>>().join("\n")
        }
        (FormInput::Pairs, Value::Object(members)) => members
            .iter()
            .map(|(name, value)| format!("{name}: {}", text(value)))
            .collect::<Vec<_>>()
            .join("\n"),
        (FormInput::Json, value) => serde_json::to_string_pretty(value).unwrap_or_default(),
        (_, value) => text(value),
    }
}

/// Parses typed values, found by path. Empty ones count as absent.
///
/// # Errors
/// [`Rejected`] names the field that cannot be parsed. Validation happens when the document is stored.
pub fn read_typed<'a>(
    parts: &[FormPart],
    typed: impl Fn(&str) -> Option<&'a str>,
) -> Result<Document, Rejected> {
    let mut document = Document::new();
    for part in parts {
        match part {
            FormPart::Field(field) => read_field(&mut document, field, &field.path, &typed)?,
            FormPart::Items { name, fields, .. } => {
                let mut items = Vec::new();
                for place in 0..ITEMS {
                    let at = |field: &FormField| format!("{name}[{place}].{}", field.path);
                    if !fields.iter().any(|field| typed(&at(field)).is_some()) {
                        break;
                    }
                    let mut item = Document::new();
                    for field in fields {
                        read_field(&mut item, field, &at(field), &typed)?;
                    }
                    if !item.is_empty() {
                        items.push(Value::Object(item));
                    }
                }
                document.insert((*name).to_owned(), Value::Array(items));
            }
        }
    }
    Ok(document)
}

fn read_field<'a>(
    document: &mut Document,
    field: &FormField,
    name: &str,
    typed: &impl Fn(&str) -> Option<&'a str>,
) -> Result<(), Rejected> {
    let text = typed(name).unwrap_or_default();
    if text.trim().is_empty() {
        return Ok(());
    }
    let value = read_value(field.input, text).map_err(|what| reject(name, what))?;
    let mut around = document;
    let mut names = field.path.split('.').peekable();
    while let Some(name) = names.next() {
        if names.peek().is_none() {
            around.insert(name.to_owned(), value);
            return Ok(());
        }
        let inner = around.entry(name).or_insert_with(|| json!({}));
        match inner.as_object_mut() {
            Some(inner) => around = inner,
            None => return Ok(()),
        }
    }
    Ok(())
}

fn read_value(input: FormInput, text: &str) -> Result<Value, &'static str> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(match input {
        FormInput::Line | FormInput::Address | FormInput::Word(_) => json!(text.trim()),
        FormInput::Text => json!(text),
        FormInput::Truth => match text {
            "true" => json!(true),
            "false" => json!(false),
            _ => return Err("must be yes or no"),
        },
        FormInput::Number(..) => {
            let number: i64 = text.trim().parse().map_err(|_| "must be a whole number")?;
            json!(number)
        }
        FormInput::Lines => json!(lines().collect::<Vec<_>>()),
        FormInput::Pairs => {
            let mut members = Document::new();
            for line in lines() {
                let (name, value) = line
                    .split_once(':')
                    .ok_or("needs a name, a colon and a value in each line")?;
                members.insert(name.trim().to_owned(), json!(value.trim()));
            }
            Value::Object(members)
        }
        FormInput::Json => serde_json::from_str(text).map_err(|_| "must be JSON")?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn answers(parts: &[FormPart], document: &Document) -> HashMap<String, String> {
        let mut answers = HashMap::new();
        for part in parts {
            match part {
                FormPart::Field(field) => {
                    answers.insert(field.path.clone(), typed(document, None, field));
                }
                FormPart::Items { name, fields, .. } => {
                    for place in 0..=item_count(document, name) {
                        for field in fields {
                            let path = format!("{name}[{place}].{}", field.path);
                            answers.insert(path, typed(document, Some((name, place)), field));
                        }
                    }
                }
            }
        }
        answers
    }

    #[test]
    fn a_document_parses_back_from_its_form() {
        let aws = json!({
            "authMethod": "ExternalId", "regions": ["eu-west-1", "us-east-1"], "pollRate": 60_000, "enableAwsUsage": false,
            "namespaceSyncRules": [{"namespace": "AWS/EC2", "filter": {"action": "Include"}}, {"namespace": "AWS/ELB"}],
            "customNamespaceSyncRules": [], "metricStatsToSync": {"AWS/EC2": {"CPU": ["mean"]}},
        });
        let jira =
            json!({"authMethod": "EmailAndToken", "assignee": {"name": "m", "displayName": "M"}});
        for (kind, document) in [("AWSCloudWatch", aws), ("Jira", jira)] {
            let document = document.as_object().unwrap();
            let parts = form_of(kind).unwrap();
            let answers = answers(&parts, document);
            let read = read_typed(&parts, |path| answers.get(path).map(String::as_str)).unwrap();
            assert_eq!(json!(read), json!(document), "{kind}");
        }
    }

    #[test]
    fn an_unreadable_value_is_rejected_at_its_field() {
        let parts = form_of("AWSCloudWatch").unwrap();
        let refused = |path: &str, text: &'static str| {
            let typed = |asked: &str| (asked == path).then_some(text);
            read_typed(&parts, typed).unwrap_err().field
        };
        assert_eq!(refused("pollRate", "often"), "pollRate");
        assert_eq!(refused("metricStatsToSync", "{"), "metricStatsToSync");
        let parts = form_of("Webhook").unwrap();
        let headers =
            read_typed(&parts, |path| (path == "headers").then_some("X-Env")).unwrap_err();
        assert_eq!(headers.field, "headers");
    }

    #[test]
    fn every_type_has_a_form_and_its_secrets_are_marked() {
        for kind in kind_names() {
            assert!(form_of(kind).is_some(), "{kind}");
        }
        assert_eq!(form_of("slack"), None);
        let slack = form_of("Slack").unwrap();
        let FormPart::Field(webhook) = &slack[0] else {
            panic!("the address comes first")
        };
        assert!(webhook.is_secret && webhook.input == FormInput::Address);
    }

    #[test]
    fn field_names_become_labels() {
        for (name, words) in [
            ("webhookUrl", "Webhook URL"),
            ("apiKey", "API key"),
            ("importGCPMetrics", "Import GCP metrics"),
            ("roleArn", "Role ARN"),
            ("selectedProjectIds", "Selected project IDs"),
            ("assignee.displayName", "Assignee display name"),
            (
                "includeEMRInstancesMetrics",
                "Include EMR instances metrics",
            ),
            (
                "customCloudWatchNamespaces",
                "Custom cloud watch namespaces",
            ),
        ] {
            assert_eq!(label(name), words);
        }
    }
}
