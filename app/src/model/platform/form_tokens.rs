//! The tokens of the forms of a page. The server provides them as context.

use std::{fmt, sync::Arc};

/// The name of the field.
pub const FORM_TOKEN: &str = "formToken";

/// The name of the field with the idempotency key of a form.
pub const IDEMPOTENCY_KEY: &str = "idempotencyKey";

/// The form tokens of the current session.
#[derive(Clone)]
pub struct FormTokens {
    here: String,
    make: Arc<Make>,
    key: String,
}

type Make = dyn Fn(&str) -> Option<String> + Send + Sync;

impl FormTokens {
    /// Form tokens as this function makes them, and one idempotency key, on the page with this path. Forms of a page can
    /// share the key, because the path and the fields of a form belong to its request.
    #[must_use]
    pub fn new(
        here: String,
        make: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
        key: String,
    ) -> Self {
        Self {
            here,
            make: Arc::new(make),
            key,
        }
    }

    /// The idempotency key of the forms of this page.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The token of the forms that are posted to their own page.
    #[must_use]
    pub fn token_here(&self) -> Option<String> {
        self.token_for(&self.here)
    }

    /// The token of the forms that are posted to this path; `None` without a session.
    #[must_use]
    pub fn token_for(&self, path: &str) -> Option<String> {
        (self.make)(path)
    }
}

impl fmt::Debug for FormTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FormTokens(…)")
    }
}
