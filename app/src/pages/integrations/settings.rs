//! The settings of an integration as labels and values, in the order of its form.

use domain::{
    integrations::{FormField, FormPart, form_of, label, typed},
    platform::document::Document,
};
use leptos::serde_json::json;
use service::IntegrationView;

use crate::{model::document::text, ui::audit::events::readable};

/// Labels and values of settings; of secrets only whether they are stored.
pub(super) struct SettingList {
    /// Label and value.
    pub(super) settings: Vec<(String, String)>,
    /// Label, and whether a value is stored.
    pub(super) secrets: Vec<(String, bool)>,
}

impl SettingList {
    /// The settings of the integration's type, and after them other fields of its document.
    pub(super) fn of(found: &IntegrationView) -> Self {
        let document = &found.integration.document;
        let mut all = Self {
            settings: vec![("ID".to_owned(), found.integration.id.to_string())],
            secrets: Vec::new(),
        };
        let parts = form_of(text(document, "type")).unwrap_or_default();
        for part in &parts {
            all.add(found, part);
        }
        all.add_others(found, &names(&parts));
        all
    }

    fn add(&mut self, found: &IntegrationView, part: &FormPart) {
        let document = &found.integration.document;
        match part {
            FormPart::Field(field) if field.is_secret => {
                let is_stored = found.secret_places.contains(&field.path);
                self.secrets.push((field.label.clone(), is_stored));
            }
            FormPart::Field(field) => self.add_field(document, field),
            FormPart::Items { name, label, .. } => {
                if let Some(value) = document.get(*name).filter(|value| **value != json!([])) {
                    self.settings.push((label.clone(), readable(value)));
                }
            }
        }
    }

    fn add_field(&mut self, document: &Document, field: &FormField) {
        let value = typed(document, None, field);
        if !value.is_empty() {
            self.settings.push((field.label.clone(), value));
        }
    }

    /// Adds the fields that the form of the type does not have.
    fn add_others(&mut self, found: &IntegrationView, names: &[String]) {
        let document = &found.integration.document;
        let settings = document
            .iter()
            .filter(|(name, value)| !names.contains(name) && !value.is_null())
            .map(|(name, value)| (label(name), readable(value)));
        self.settings.extend(settings);
        let secrets = found.secret_places.iter();
        let secrets = secrets.filter(|path| !names.contains(path));
        self.secrets
            .extend(secrets.map(|path| (path.clone(), true)));
    }
}

/// The top-level fields that the form has, and the paths of its secrets.
fn names(parts: &[FormPart]) -> Vec<String> {
    let names = parts.iter().map(|part| match part {
        FormPart::Field(field) if field.is_secret => field.path.clone(),
        FormPart::Field(field) => {
            let first = field.path.split('.').next();
            first.unwrap_or_default().to_owned()
        }
        FormPart::Items { name, .. } => (*name).to_owned(),
    });
    let fixed = ["type", "enabled"].map(str::to_owned);
    fixed.into_iter().chain(names).collect()
}
