//! The secret on the page of an access token.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::platform::paths::ACCESS_TOKENS,
    pages::platform::sign_out::SIGN_OUT_CHANNEL,
    ui::{
        guard::guard,
        secret::{Fetch, Held, SecretBox},
    },
};

/// The secret of an access token, for users who may see it: fetched on demand, and dropped when it is hidden.
#[island]
pub(crate) fn AccessTokenSecret(
    /// The token's id.
    id: String,
    /// What its secret looks like while it is hidden.
    mask: String,
) -> impl IntoView {
    let plain_page = format!("{ACCESS_TOKENS}/{id}/secret");
    let fetch: Fetch = Box::new(move || Box::pin(reveal_access_token(id.clone())));
    let held = Held::fetched(fetch);
    let forget = move || held.forget();
    guard(SIGN_OUT_CHANNEL, forget, forget, || false);
    view! { <SecretBox held mask label="Secret of the access token" show="Show secret" plain_page /> }
}

/// The newest secret of an access token.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] for a user who may see the token but not its secret.
#[server(prefix = "/ui", endpoint = "access-token/reveal")]
pub async fn reveal_access_token(
    /// The token.
    id: String,
) -> Result<String, UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let secret = request::report(
        service
            .tokens()
            .org()
            .reveal(&caller, parameters::id(&id)?)
            .await,
    )?;
    Ok(secret.as_str().to_owned())
}
