//! The limits of an org token: the fields of its form, and the `limits` object of the API.

use std::collections::HashMap;

use domain::platform::document::Document;
use leptos::serde_json::json;

use crate::{error::UiError, model::tokens::access_token_input::LIMITS};

/// The `limits` object for the fields of a form; empty fields set no limit.
///
/// # Errors
/// [`UiError::Rejected`] for text that is not a whole number.
pub(super) fn parse(typed: &HashMap<String, String>) -> Result<Document, UiError> {
    let mut limits = Document::new();
    for (_, field, _) in LIMITS {
        let text = typed.get(*field).map_or("", |text| text.trim());
        if text.is_empty() {
            continue;
        }
        let number: i64 = text
            .parse()
            .map_err(|_| UiError::rejected(format!("limits.{field}"), "Must be a whole number."))?;
        match field.split_once('.') {
            None => drop(limits.insert((*field).to_owned(), number.into())),
            Some((around, category)) => {
                let around = limits.entry(around).or_insert_with(|| json!({}));
                if let Some(around) = around.as_object_mut() {
                    around.insert(category.to_owned(), number.into());
                }
            }
        }
    }
    Ok(limits)
}

/// The limits in a token's document, by the names of the form's fields.
pub(super) fn of(document: &Document) -> HashMap<String, String> {
    let known = LIMITS.iter().filter_map(|(_, field, _)| {
        let limits = document.get("limits")?;
        let value = match field.split_once('.') {
            None => limits.get(field)?,
            Some((around, category)) => limits.get(around)?.get(category)?,
        };
        Some(((*field).to_owned(), value.as_i64()?.to_string()))
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_they_were_typed() {
        let typed = [
            ("dpmQuota", "100"),
            ("categoryQuota.1", "20"),
            ("categoryQuota.3", " "),
        ];
        let typed = typed.map(|(field, number)| (field.to_owned(), number.to_owned()));
        let limits = parse(&typed.into()).unwrap();
        assert_eq!(
            leptos::serde_json::Value::from(limits.clone()),
            json!({"dpmQuota": 100, "categoryQuota": {"1": 20}})
        );
        let document = Document::from_iter([("limits".to_owned(), limits.into())]);
        let limits = of(&document);
        assert_eq!(limits.len(), 2);
        assert_eq!(limits["categoryQuota.1"], "20");
        let wrong = [("categoryQuota.2".to_owned(), "many".to_owned())];
        assert_eq!(
            parse(&wrong.into()).unwrap_err().field(),
            Some("limits.categoryQuota.2")
        );
    }
}
