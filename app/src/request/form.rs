//! The response to a form: a redirect with a notice for a browser that expects a page, the result for a script.

use crate::{
    error::UiError,
    model::platform::notice::Notice,
    request::{
        notices,
        response::{go_confirm, is_plain_form, page_of_form, see_other},
    },
};

/// The response to a form: the page to redirect to, and the notice that it shows.
pub(crate) struct Form {
    name: &'static str,
    done: String,
    rejected: String,
    notice: Option<String>,
    kept: Vec<(String, String)>,
}

impl Form {
    /// A form by its name in notices. Done or rejected, it redirects to this page.
    pub(crate) fn on(name: &'static str, page: impl Into<String>) -> Self {
        let page = page.into();
        Self {
            name,
            done: page.clone(),
            rejected: page,
            notice: None,
            kept: Vec::new(),
        }
    }

    /// The page to redirect to when the form is done.
    pub(crate) fn then(mut self, page: impl Into<String>) -> Self {
        self.done = page.into();
        self
    }

    /// The notice when the form is done.
    pub(crate) fn saying(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }

    /// Keeps the value of a field when the form is rejected.
    pub(crate) fn keeping(mut self, field: &str, value: &str) -> Self {
        self.kept.push((field.to_owned(), value.to_owned()));
        self
    }

    /// Keeps the checked values of a field when the form is rejected.
    pub(crate) fn keeping_all(mut self, field: &str, values: &[String]) -> Self {
        let kept = values.iter().map(|value| (field.to_owned(), value.clone()));
        self.kept.extend(kept);
        self
    }

    /// Responds: redirects a browser with a notice; returns the result to a script.
    pub(crate) fn ends<T>(self, result: Result<T, UiError>) -> Result<T, UiError> {
        if !is_plain_form() {
            return result;
        }
        if matches!(result, Err(UiError::PasswordNeeded)) {
            go_confirm(&page_of_form().unwrap_or(self.rejected));
        } else {
            let notice = match &result {
                Ok(_) => self.notice.map(Notice::done),
                Err(error) => Some(Notice::rejected(self.name, error.clone(), self.kept)),
            };
            if let Some(notice) = notice {
                notices::store(&notice);
            }
            see_other(if result.is_ok() {
                &self.done
            } else {
                &self.rejected
            });
        }
        result
    }
}

/// Redirects to a page that shows a notice, after a form that was posted to its own page is done.
pub(crate) fn redirect_with_notice(page: &str, notice: String) {
    notices::store(&Notice::done(notice));
    see_other(page);
}
