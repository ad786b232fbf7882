//! The hidden fields of a form: with one it shows that it belongs to the session that posts it, with the other it names
//! itself, so that it creates one object although it is sent twice.

use leptos::prelude::*;

use crate::model::platform::form_tokens::FormTokens;
pub use crate::model::platform::form_tokens::{FORM_TOKEN, IDEMPOTENCY_KEY};

/// The token of a form, and its idempotency key. Every form with `method="post"` has one.
#[component]
pub fn FormToken(
    /// URL that the form is posted to, unless it is its own page.
    #[prop(optional, into)]
    action: Option<String>,
) -> impl IntoView {
    let tokens = use_context::<FormTokens>();
    let token = match action {
        Some(action) => token_for(&action),
        None => tokens.and_then(|tokens| tokens.token_here()),
    };
    token.map(|token| {
        view! {
            <input type="hidden" name=FORM_TOKEN value=token />
            <input type="hidden" name=IDEMPOTENCY_KEY value=idempotency_key() />
        }
    })
}

/// The idempotency key of the forms of this page; `None` without a session, and in the browser.
#[must_use]
pub fn idempotency_key() -> Option<String> {
    use_context::<FormTokens>().map(|tokens| tokens.key().to_owned())
}

/// The token of the forms that are posted to this URL; `None` without a session, and in the browser.
#[must_use]
pub fn token_for(action: &str) -> Option<String> {
    let path = action.split(['?', '#']).next().unwrap_or(action);
    use_context::<FormTokens>()?.token_for(path)
}
