//! The secret on the page of an access token.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::platform::paths::ACCESS_TOKENS,
    pages::platform::sign_out::SIGN_OUT_CHANNEL,
    ui::secret::{
        SecretBox,
        guard::guard,
        state::{Fetch, SecretState},
    },
};

/// The secret of an access token. It is fetched when it is shown or copied, and dropped when it is hidden.
#[island]
pub(crate) fn AccessTokenSecret(
    /// The token's id.
    id: String,
    /// The secret as it is shown while it is hidden.
    mask: String,
) -> impl IntoView {
    let plain_page = format!("{ACCESS_TOKENS}/{id}/secret");
    let fetch: Fetch = Box::new(move || Box::pin(reveal_access_token(id.clone())));
    let secret = SecretState::fetched(fetch);
    let forget = move || secret.forget();
    guard(SIGN_OUT_CHANNEL, forget, forget, || false);
    view! { <SecretBox secret mask label="Secret of the access token" show="Show secret" plain_page /> }
}

/// The newest secret of an access token.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] when the user may read the token but not its secret.
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
