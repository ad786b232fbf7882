//! What a form leads to when it was posted by a browser that waits for a page.

use crate::{
    error::UiError,
    model::platform::notice::Notice,
    request::{
        notices,
        response::{is_plain_form, see_other},
    },
};

/// What a form leads to: which page, and what that page says.
pub(crate) struct Form {
    name: &'static str,
    done: String,
    refused: String,
    words: Option<String>,
    kept: Vec<(String, String)>,
}

impl Form {
    /// The form of this name, which leads to this page, done or refused.
    pub(crate) fn on(name: &'static str, page: impl Into<String>) -> Self {
        let page = page.into();
        Self {
            name,
            done: page.clone(),
            refused: page,
            words: None,
            kept: Vec::new(),
        }
    }

    /// Leads to this page once it is done.
    pub(crate) fn then(mut self, page: impl Into<String>) -> Self {
        self.done = page.into();
        self
    }

    /// Says this once it is done.
    pub(crate) fn saying(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into());
        self
    }

    /// Keeps what was typed into this field when it is refused.
    pub(crate) fn keeping(mut self, field: &str, value: &str) -> Self {
        self.kept.push((field.to_owned(), value.to_owned()));
        self
    }

    /// Keeps what was ticked under this name when it is refused.
    pub(crate) fn keeping_all(mut self, field: &str, values: &[String]) -> Self {
        let kept = values.iter().map(|value| (field.to_owned(), value.clone()));
        self.kept.extend(kept);
        self
    }

    /// Ends the form: a plain one is led to its page with a notice, a script gets the result as it is.
    pub(crate) fn ends<T>(self, result: Result<T, UiError>) -> Result<T, UiError> {
        if is_plain_form() {
            let notice = match &result {
                Ok(_) => self.words.map(Notice::done),
                Err(error) => Some(Notice::refused(self.name, error.clone(), self.kept)),
            };
            if let Some(notice) = notice {
                notices::hand_over(&notice);
            }
            see_other(if result.is_ok() {
                &self.done
            } else {
                &self.refused
            });
        }
        result
    }
}

/// Ends a form that was posted to its own page and is done: leads to this page, which says so.
pub(crate) fn lead_to(page: &str, words: String) {
    notices::hand_over(&Notice::done(words));
    see_other(page);
}
