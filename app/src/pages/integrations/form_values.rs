//! The values in the form of an integration: those that were posted, else those that are stored.

use domain::{
    integrations::{FormField, FormPart, item_count, typed},
    platform::document::Document,
};
use leptos::serde_json::{self, Value};
use service::IntegrationView;

use crate::{
    model::{
        integrations::form::{FieldInput, FieldSecret, FieldValue, IntegrationForm, REMOVE},
        platform::notice::Notice,
    },
    pages::integrations::form_document::DOCUMENT,
    request::Posted,
};

/// Empty items of a list, after the stored ones.
const EMPTY_ITEMS: usize = 2;

/// The sources of the values.
pub(super) struct FormValues<'a> {
    id: String,
    name: &'a str,
    document: Document,
    secret_places: &'a [String],
    form: Option<&'a Posted>,
}

impl<'a> FormValues<'a> {
    /// The values of a stored integration, or of a new one, with the posted form if there is one.
    pub(super) fn new(stored: Option<&'a IntegrationView>, form: Option<&'a Posted>) -> Self {
        Self {
            id: stored.map_or_else(String::new, |stored| stored.integration.id.to_string()),
            name: stored.map_or("", |stored| &stored.integration.name),
            document: stored
                .map(|stored| stored.integration.document.clone())
                .unwrap_or_default(),
            secret_places: stored.map_or(&[], |stored| &stored.secret_places),
            form,
        }
    }

    /// The form of a type.
    pub(super) fn form(&self, kind: &str, parts: &[FormPart], notice: Notice) -> IntegrationForm {
        let (fields, items) = self.parts(parts);
        IntegrationForm {
            id: self.id.clone(),
            stored_name: self.name.to_owned(),
            kind: kind.to_owned(),
            name: self
                .form
                .map_or(self.name, |form| form.text("name"))
                .to_owned(),
            enabled: match self.form {
                Some(form) => form.text("enabled") != "false",
                None => self.document.get("enabled") != Some(&Value::Bool(false)),
            },
            fields,
            items,
            notice,
        }
    }

    fn parts(&self, parts: &[FormPart]) -> (Vec<FieldValue>, Vec<(String, Vec<FieldValue>)>) {
        if parts.is_empty() {
            return (vec![self.whole_document()], Vec::new());
        }
        let (mut values, mut items) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                FormPart::Field(field) => values.push(self.value(field, None)),
                FormPart::Items {
                    name,
                    label,
                    fields,
                } => items.extend(self.items(name, label, fields)),
            }
        }
        (values, items)
    }

    /// The items of a list, with their headings: "Project service keys 1".
    fn items(
        &self,
        name: &str,
        label: &str,
        fields: &[FormField],
    ) -> Vec<(String, Vec<FieldValue>)> {
        let count = item_count(&self.document, name) + EMPTY_ITEMS;
        (0..count)
            .map(|index| {
                let values = fields
                    .iter()
                    .map(|field| self.value(field, Some((name, index))));
                (format!("{label} {}", index + 1), values.collect())
            })
            .collect()
    }

    fn value(&self, field: &FormField, item: Option<(&str, usize)>) -> FieldValue {
        let name = match item {
            None => field.path.clone(),
            Some((list, index)) => format!("{list}[{index}].{}", field.path),
        };
        FieldValue {
            secret: self.secret_state(field, item, &name),
            value: match self.form {
                _ if field.is_secret => String::new(),
                Some(form) => form.text(&name).to_owned(),
                None => typed(&self.document, item, field),
            },
            // An item whose fields are all empty is left out, so the form cannot require them.
            required: field.required && item.is_none(),
            label: field.label.clone(),
            input: field.input.into(),
            name,
        }
    }

    fn secret_state(
        &self,
        field: &FormField,
        item: Option<(&str, usize)>,
        name: &str,
    ) -> FieldSecret {
        if !field.is_secret {
            return FieldSecret::Public;
        }
        if !self.is_stored(field, item) {
            return FieldSecret::NotSet;
        }
        if field.required || item.is_some() {
            return FieldSecret::Stored;
        }
        let removal = format!("{REMOVE}{name}");
        let is_checked = self.form.is_some_and(|form| form.find(&removal).is_some());
        FieldSecret::Removable(is_checked)
    }

    fn is_stored(&self, field: &FormField, item: Option<(&str, usize)>) -> bool {
        match item {
            None => self.secret_places.contains(&field.path),
            Some((list, index)) => index < item_count(&self.document, list),
        }
    }

    /// The field for the whole document of a type without fields of its own.
    fn whole_document(&self) -> FieldValue {
        let mut document = self.document.clone();
        for managed in ["type", "enabled"] {
            document.shift_remove(managed);
        }
        let stored = serde_json::to_string_pretty(&document).unwrap_or_default();
        FieldValue {
            name: DOCUMENT.to_owned(),
            label: "Settings".to_owned(),
            input: FieldInput::Json,
            value: self
                .form
                .map_or(stored, |form| form.text(DOCUMENT).to_owned()),
            required: false,
            secret: if self.secret_places.is_empty() {
                FieldSecret::Public
            } else {
                FieldSecret::Stored
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::integrations::form_of;

    use super::*;

    #[test]
    fn a_rejected_form_keeps_the_posted_values_except_secrets() {
        let parts = form_of("Webhook").unwrap();
        let form = Posted::of(&[
            ("name", "Hook"),
            ("url", "nowhere"),
            ("sharedSecret", "hunter2"),
            ("enabled", "false"),
        ]);
        let values = FormValues::new(None, Some(&form));
        let shown = values.form("Webhook", &parts, Notice::default());
        assert_eq!((shown.name.as_str(), shown.enabled), ("Hook", false));
        assert_eq!(shown.fields[0].value, "nowhere");
        assert!(!format!("{shown:?}").contains("hunter2"));
    }

    #[test]
    fn a_rejected_form_keeps_the_choice_to_remove_a_secret() {
        let parts = form_of("Webhook").unwrap();
        let form = Posted::of(&[("remove.headers", "true")]);
        let values = FormValues {
            secret_places: &["headers".to_owned(), "sharedSecret".to_owned()],
            ..FormValues::new(None, Some(&form))
        };
        let (fields, _) = values.parts(&parts);
        let secrets: Vec<_> = fields.iter().map(|field| field.secret).collect();
        assert_eq!(
            secrets[..3],
            [
                FieldSecret::Public,
                FieldSecret::Removable(false),
                FieldSecret::Removable(true)
            ]
        );
    }
}
