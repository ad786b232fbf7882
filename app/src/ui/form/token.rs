//! The hidden field with which a form shows that it belongs to the session that posts it.

use leptos::prelude::*;

pub use crate::model::platform::form_tokens::FORM_TOKEN;
use crate::model::platform::form_tokens::FormTokens;

/// The token of a form. Every form with `method="post"` has one.
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
    token.map(|token| view! { <input type="hidden" name=FORM_TOKEN value=token /> })
}

/// The token of the forms that are posted to this URL; `None` without a session, and in the browser.
#[must_use]
pub fn token_for(action: &str) -> Option<String> {
    let path = action.split(['?', '#']).next().unwrap_or(action);
    use_context::<FormTokens>()?.token_for(path)
}
