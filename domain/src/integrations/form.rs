//! Forms of integrations: the fields of each type, derived from the same table that validates requests.

use crate::integrations::{
    field::{Field, SHORTEST_POLL_MS, Shape},
    kind::Content,
    kinds::{KINDS, find_kind},
};

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

#[cfg(test)]
mod tests {
    use super::*;

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
