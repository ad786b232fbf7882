//! The result of a form, reported by the page that the form leads to: "Password changed", or why it was rejected.

use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// Result of the last form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Message when the form succeeded.
    pub done: Option<String>,
    /// Name of the form that was rejected, and the reason.
    pub rejected: Option<(String, UiError)>,
    /// Field names and values that were sent, without secrets.
    pub kept: Vec<(String, String)>,
}

impl Notice {
    /// The form succeeded.
    #[must_use]
    pub fn done(words: String) -> Self {
        Self {
            done: Some(words),
            ..Self::default()
        }
    }

    /// The form with this name was rejected.
    #[must_use]
    pub fn rejected(form: &str, error: UiError, kept: Vec<(String, String)>) -> Self {
        Self {
            done: None,
            rejected: Some((form.to_owned(), error)),
            kept,
        }
    }

    /// Why this field of this form was rejected.
    #[must_use]
    pub fn rejection_of(&self, form: &str, field: &str) -> Option<String> {
        self.rejected
            .as_ref()
            .filter(|(name, error)| name == form && error.field() == Some(field))
            .map(|(_, error)| at_its_field(&error.to_string(), field))
    }

    /// The rejected value of this field of this form.
    #[must_use]
    pub fn kept_of(&self, form: &str, field: &str) -> Option<String> {
        self.rejected.as_ref().filter(|(name, _)| name == form)?;
        self.kept
            .iter()
            .find_map(|(name, value)| (name == field).then(|| value.clone()))
    }

    /// All rejected values of this field of this form; `None` when the form was not rejected.
    #[must_use]
    pub fn all_kept_of(&self, form: &str, field: &str) -> Option<Vec<String>> {
        self.rejected.as_ref().filter(|(name, _)| name == form)?;
        let kept = self.kept.iter().filter(|(name, _)| name == field);
        Some(kept.map(|(_, value)| value.clone()).collect())
    }

    /// The notice as JSON.
    #[must_use]
    pub fn to_text(&self) -> String {
        leptos::serde_json::to_string(self).unwrap_or_default()
    }

    /// Parses [`Self::to_text`].
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        leptos::serde_json::from_str(text).ok()
    }
}

/// The message as a sentence beside its field, without the field's name in front.
fn at_its_field(message: &str, field: &str) -> String {
    let named = message
        .strip_prefix(field)
        .and_then(|rest| rest.strip_prefix(": "));
    let Some(rest) = named else {
        return message.to_owned();
    };
    format!("{}.", sentence(rest))
}

/// The text with its first letter in upper case.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut signs = words.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), signs.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_is_a_sentence_at_its_field() {
        assert_eq!(at_its_field("name: is empty", "name"), "Is empty.");
        assert_eq!(at_its_field("Too short.", "name"), "Too short.");
    }

    #[test]
    fn a_rejection_comes_back_to_its_own_form_and_field() {
        let error = UiError::Rejected {
            field: "name".to_owned(),
            message: "The name is missing.".to_owned(),
        };
        let kept = vec![("email".to_owned(), "ada@example.com".to_owned())];
        let notice = Notice::rejected("setup", error, kept);
        let read = Notice::from_text(&notice.to_text()).unwrap();
        assert_eq!(read, notice);
        assert_eq!(
            read.rejection_of("setup", "name").as_deref(),
            Some("The name is missing.")
        );
        assert_eq!(
            read.kept_of("setup", "email").as_deref(),
            Some("ada@example.com")
        );
        assert_eq!(read.rejection_of("setup", "email"), None);
        assert_eq!(read.rejection_of("sign-in", "name"), None);
        assert_eq!(read.kept_of("sign-in", "email"), None);
        assert_eq!(read.all_kept_of("sign-in", "roles"), None);
        assert_eq!(read.all_kept_of("setup", "roles"), Some(Vec::new()));
    }
}
