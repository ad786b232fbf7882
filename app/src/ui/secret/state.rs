//! A secret that a page holds or can fetch, and whether it is shown.

use std::pin::Pin;

use leptos::prelude::*;

use crate::{error::UiError, model::tokens::secret_text::SecretText};

/// A secret on this page. Copies share one state.
#[derive(Clone, Copy)]
pub struct SecretState {
    /// The secret while the page holds it.
    pub text: StoredValue<Option<SecretText>>,
    /// Whether it is shown.
    pub shown: RwSignal<bool>,
    /// Whether it has been copied, by the button or by hand.
    pub copied: RwSignal<bool>,
    fetch: StoredValue<Option<Fetch>>,
}

/// Fetches the text of a secret from the server.
pub type Fetch =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<String, UiError>>>> + Send + Sync>;

impl SecretState {
    /// A secret that the page holds.
    #[must_use]
    pub fn held(text: SecretText) -> Self {
        Self::with(Some(text), None)
    }

    /// A secret that is fetched to be shown or copied, and dropped when it is hidden.
    #[must_use]
    pub fn fetched(fetch: Fetch) -> Self {
        Self::with(None, Some(fetch))
    }

    fn with(text: Option<SecretText>, fetch: Option<Fetch>) -> Self {
        Self {
            text: StoredValue::new(text),
            shown: RwSignal::new(false),
            copied: RwSignal::new(false),
            fetch: StoredValue::new(fetch),
        }
    }

    /// Hides the secret and drops it.
    pub fn forget(self) {
        self.shown.set(false);
        self.text.set_value(None);
    }

    /// Shows this secret.
    pub(super) fn show(self, text: SecretText) {
        self.text.set_value(Some(text));
        self.shown.set(true);
    }

    /// The secret while it is shown. Tracks whether it is.
    pub(super) fn shown_text(self) -> Option<SecretText> {
        self.shown.get().then(|| self.text.get_value()).flatten()
    }

    /// Drops a hidden secret that can be fetched again.
    pub(super) fn drop_if_hidden(self) {
        if !self.shown.get() && self.fetch.with_value(Option::is_some) {
            self.text.set_value(None);
        }
    }

    /// The secret, fetched if the page does not hold it.
    pub(super) async fn obtain(self) -> Result<SecretText, UiError> {
        if let Some(text) = self.text.get_value() {
            return Ok(text);
        }
        let fetching = self
            .fetch
            .with_value(|fetch| fetch.as_ref().map(|fetch| fetch()));
        let text = fetching.ok_or(UiError::Internal)?.await?;
        Ok(SecretText::new(text))
    }
}
