//! What became of a form, told by the page it leads to: "Password changed", or why it was refused.
//!
//! It travels in a cookie only we can write, for a minute, and is gone once read. A query string would do too, but then
//! anybody could make a link to this site that says what they like.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// What the last form has to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Said when it was done.
    pub done: Option<String>,
    /// The form that was refused, and why.
    pub refused: Option<(String, UiError)>,
    /// What was typed into it, except secrets.
    pub kept: Vec<(String, String)>,
}

impl Notice {
    /// It was done.
    #[must_use]
    pub fn done(words: String) -> Self {
        Self {
            done: Some(words),
            ..Self::default()
        }
    }

    /// The form of this name was refused.
    #[must_use]
    pub fn refused(form: &str, error: UiError, kept: Vec<(String, String)>) -> Self {
        Self {
            done: None,
            refused: Some((form.to_owned(), error)),
            kept,
        }
    }

    /// Why this field of this form was refused.
    #[must_use]
    pub fn refusal_of(&self, form: &str, field: &str) -> Option<String> {
        self.refused
            .as_ref()
            .filter(|(name, error)| name == form && error.field() == Some(field))
            .map(|(_, error)| at_its_field(&error.to_string(), field))
    }

    /// What was typed into this field of this form.
    #[must_use]
    pub fn kept_of(&self, form: &str, field: &str) -> Option<String> {
        self.refused.as_ref().filter(|(name, _)| name == form)?;
        self.kept
            .iter()
            .find_map(|(name, value)| (name == field).then(|| value.clone()))
    }

    /// All that was ticked or picked of this field of this form; `None` when the form was not refused.
    #[must_use]
    pub fn all_kept_of(&self, form: &str, field: &str) -> Option<Vec<String>> {
        self.refused.as_ref().filter(|(name, _)| name == form)?;
        let kept = self.kept.iter().filter(|(name, _)| name == field);
        Some(kept.map(|(_, value)| value.clone()).collect())
    }

    /// The notice as a text.
    #[must_use]
    pub fn to_text(&self) -> String {
        leptos::serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the text back.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        leptos::serde_json::from_str(text).ok()
    }
}

/// A refusal where its field is: without the field's name before it, as a sentence.
fn at_its_field(message: &str, field: &str) -> String {
    let named = message
        .strip_prefix(field)
        .and_then(|rest| rest.strip_prefix(": "));
    let Some(rest) = named else {
        return message.to_owned();
    };
    format!("{}.", sentence(rest))
}

/// Words with a capital at their beginning.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut signs = words.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), signs.as_str())
}

/// Takes the notice that waits for this page.
///
/// # Errors
/// None: without a notice it is empty.
#[server(prefix = "/ui", endpoint = "notice/take")]
pub async fn take_notice() -> Result<Notice, UiError> {
    Ok(crate::request::context::take_notice())
}

/// The notice at the top of the page: done, or refused. What is about one field is said at that field.
#[component]
pub fn Banner() -> impl IntoView {
    let notice = use_context::<Notice>().unwrap_or_default();
    let done = notice.done.map(|words| {
        view! { <p class="banner banner-success" role="status">{words}</p> }
    });
    let refused = notice.refused.map(|(_, error)| {
        view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }
    });
    (done, refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_sentence_at_its_field() {
        assert_eq!(at_its_field("name: is empty", "name"), "Is empty.");
        assert_eq!(at_its_field("Too short.", "name"), "Too short.");
    }

    #[test]
    fn a_refusal_comes_back_to_its_own_form_and_field() {
        let error = UiError::Rejected {
            field: "name".to_owned(),
            message: "The name is missing.".to_owned(),
        };
        let kept = vec![("email".to_owned(), "ada@example.com".to_owned())];
        let notice = Notice::refused("setup", error, kept);
        let read = Notice::from_text(&notice.to_text()).unwrap();
        assert_eq!(read, notice);
        assert_eq!(
            read.refusal_of("setup", "name").as_deref(),
            Some("The name is missing.")
        );
        assert_eq!(
            read.kept_of("setup", "email").as_deref(),
            Some("ada@example.com")
        );
        assert_eq!(read.refusal_of("setup", "email"), None);
        assert_eq!(read.refusal_of("sign-in", "name"), None);
        assert_eq!(read.kept_of("sign-in", "email"), None);
        assert_eq!(read.all_kept_of("sign-in", "roles"), None);
        assert_eq!(read.all_kept_of("setup", "roles"), Some(Vec::new()));
    }
}
