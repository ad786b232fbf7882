//! A posted form of an integration as the document that the service reads.

use domain::{
    integrations::{FormField, FormInput, FormPart, read_typed},
    platform::document::Document,
};
use leptos::serde_json::{self, Value, json};

use crate::{error::UiError, model::integrations::form::REMOVE, request::Posted};

/// The field that holds the whole document of a type without fields of its own.
pub(super) const DOCUMENT: &str = "document";

/// The document of an integration of this type. Secrets that are left out stay stored.
pub(super) fn document_of(
    kind: &str,
    parts: &[FormPart],
    form: &Posted,
) -> Result<Document, UiError> {
    let mut document = if parts.is_empty() {
        read_document(form.text(DOCUMENT))?
    } else {
        read_fields(parts, form)?
    };
    remove_secrets(parts, form, &mut document)?;
    document.insert("name".to_owned(), json!(form.text("name").trim()));
    document.insert("type".to_owned(), json!(kind));
    document.insert("enabled".to_owned(), json!(form.text("enabled") != "false"));
    Ok(document)
}

fn read_document(typed: &str) -> Result<Document, UiError> {
    if typed.trim().is_empty() {
        return Ok(Document::new());
    }
    let value: Value = serde_json::from_str(typed)
        .map_err(|error| UiError::rejected(DOCUMENT, format!("Is not valid JSON: {error}.")))?;
    let document = value.as_object().cloned();
    document.ok_or_else(|| UiError::rejected(DOCUMENT, "Must be an object: {…}.".to_owned()))
}

fn read_fields(parts: &[FormPart], form: &Posted) -> Result<Document, UiError> {
    read_typed(parts, |path| form.find(path))
        .map_err(|error| UiError::rejected(&error.field, error.message))
}

/// Sets the secrets whose removal is checked to an empty value. Only optional secrets have the checkbox; whether the
/// rest of the configuration requires one is checked with the whole document.
fn remove_secrets(
    parts: &[FormPart],
    form: &Posted,
    document: &mut Document,
) -> Result<(), UiError> {
    for part in parts {
        let FormPart::Field(field) = part else {
            continue;
        };
        let is_removable = field.is_secret && !field.required;
        if !is_removable || form.find(&format!("{REMOVE}{}", field.path)).is_none() {
            continue;
        }
        if document.contains_key(&field.path) {
            let message = "Enter a new value or remove the stored one, not both.";
            return Err(UiError::rejected(&field.path, message.to_owned()));
        }
        document.insert(field.path.clone(), empty_value(field));
    }
    Ok(())
}

fn empty_value(field: &FormField) -> Value {
    match field.input {
        FormInput::Pairs => json!({}),
        FormInput::Lines => json!([]),
        FormInput::Line
        | FormInput::Address
        | FormInput::Text
        | FormInput::Word(_)
        | FormInput::Truth
        | FormInput::Number(..)
        | FormInput::Json => json!(""),
    }
}

#[cfg(test)]
mod tests {
    use domain::integrations::form_of;

    use super::*;

    fn removed(kind: &str, fields: &[(&str, &str)]) -> Result<Value, UiError> {
        let parts = form_of(kind).unwrap();
        let form = Posted::of(fields);
        let mut document = read_fields(&parts, &form)?;
        remove_secrets(&parts, &form, &mut document).map(|()| json!(document))
    }

    #[test]
    fn only_an_optional_secret_can_be_removed_and_not_while_a_new_one_is_entered() {
        let both = [
            ("remove.sharedSecret", "true"),
            ("remove.headers", "true"),
            ("remove.url", "true"),
        ];
        assert_eq!(
            removed("Webhook", &both).unwrap(),
            json!({"sharedSecret": "", "headers": {}})
        );
        assert_eq!(
            removed("Opsgenie", &[("remove.apiKey", "true")]).unwrap(),
            json!({})
        );
        let entered = [("remove.apiKey", "true"), ("apiKey", "another")];
        assert_eq!(
            removed("PagerDuty", &entered).unwrap_err().field(),
            Some("apiKey")
        );
    }

    #[test]
    fn a_type_without_fields_of_its_own_accepts_any_object() {
        assert_eq!(read_document("").unwrap(), Document::new());
        assert_eq!(json!(read_document("{\"a\": 1}").unwrap()), json!({"a": 1}));
        assert_eq!(read_document("[1]").unwrap_err().field(), Some(DOCUMENT));
        assert_eq!(read_document("{").unwrap_err().field(), Some(DOCUMENT));
    }
}
