//! The values of a form: stored values as text, and parsing of what was typed.

use serde_json::{Value, json};

use crate::{
    integrations::form::{FormField, FormInput, FormPart},
    platform::{
        document::{Document, reject},
        rejection::Rejected,
    },
};

/// Maximum number of items of a list in a form.
const ITEMS: usize = 200;

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
    use crate::integrations::form::form_of;

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
        let rejected = |path: &str, text: &'static str| {
            let typed = |asked: &str| (asked == path).then_some(text);
            read_typed(&parts, typed).unwrap_err().field
        };
        assert_eq!(rejected("pollRate", "often"), "pollRate");
        assert_eq!(rejected("metricStatsToSync", "{"), "metricStatsToSync");
        let parts = form_of("Webhook").unwrap();
        let headers =
            read_typed(&parts, |path| (path == "headers").then_some("X-Env")).unwrap_err();
        assert_eq!(headers.field, "headers");
    }
}
