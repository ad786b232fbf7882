//! What can be done on Account Settings: its server functions.

use domain::{identity::session::Session, platform::id::SessionId, tokens::token::TokenSecret};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{error::UiError, ui::token_row::TokenRow};

/// A token just made, with its secret: the one answer that carries it. Never printed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Generated {
    /// The token.
    pub row: TokenRow,
    /// Its secret.
    pub secret: String,
    /// Ready ways to use it, written out for the page, with its mask where the secret belongs.
    pub snippets: String,
}

impl Generated {
    /// The secret as a type that wipes itself; `None` when it is none.
    #[must_use]
    pub fn take(self) -> Option<(TokenRow, TokenSecret, String)> {
        let secret = TokenSecret::parse(&self.secret).ok()?.1;
        Some((self.row, secret, self.snippets))
    }
}

/// Generates a user API access token that ends with this sign-in.
///
/// A script gets it in the answer. A plain form is led to the page that shows it once, and its answer carries nothing.
///
/// # Errors
/// [`UiError::Refused`] for a bad name or too many tokens.
#[server(prefix = "/ui", endpoint = "token/generate")]
pub async fn generate_token(
    /// What its owner calls it; may be empty.
    name: String,
) -> Result<Option<Generated>, UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let issued = host::told(service.generate_token(&caller, &name).await);
    if !host::is_plain_form() {
        return issued.map(|issued| Some(host::generated(&caller, &issued)));
    }
    let form = host::Form::on("generate", "/account")
        .then("/account/token")
        .keeping("name", &name);
    form.ends(issued.map(|issued| host::hand_over_reveal(&service.seal_reveal(&caller, &issued))))
        .map(|()| None)
}

/// The signed-in user's tokens, newest first.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "token/mine")]
pub async fn my_tokens() -> Result<Vec<TokenRow>, UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let tokens = host::told(service.list_my_tokens(&caller).await)?;
    Ok(tokens.into_iter().map(TokenRow::from).collect())
}

/// Revokes a token of one's own.
///
/// # Errors
/// [`UiError::NotFound`] when it is somebody else's or nobody's.
#[server(prefix = "/ui", endpoint = "token/revoke-mine")]
pub async fn revoke_my_token(
    /// The token.
    id: String,
) -> Result<(), UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let done = host::told(service.revoke_token(&caller, host::token_id(&id)?).await);
    host::Form::on("revoke", "/account")
        .saying("The token is revoked.")
        .ends(done)
}

/// Signs out; tokens generated in this sign-in end with it.
///
/// # Errors
/// [`UiError::Unavailable`] when the end cannot be written down.
#[server(prefix = "/ui", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), UiError> {
    use crate::host;
    let form = host::Form::on("sign-out", "/account")
        .then("/signin")
        .saying("You are signed out.");
    let done = match host::signed_in() {
        Ok((service, caller)) => host::told(service.sign_out(&caller).await),
        Err(_) => Ok(()),
    };
    form.ends(done.map(|()| host::close_session()))
}

/// The sign-ins of the user that are open now, newest first, and which of them this browser's is.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "session/mine")]
pub async fn my_sessions() -> Result<(Option<SessionId>, Vec<Session>), UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let sessions = host::told(service.list_my_sessions(&caller).await)?;
    Ok((caller.session_id(), sessions))
}

/// Ends a sign-in of one's own, and the tokens generated in it.
///
/// # Errors
/// [`UiError::NotFound`] when it is somebody else's or nobody's.
#[server(prefix = "/ui", endpoint = "session/end-mine")]
pub async fn end_my_session(
    /// The sign-in.
    id: String,
) -> Result<(), UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let done = service
        .sign_browser_out(&caller, host::session_id(&id)?)
        .await;
    host::Form::on("session", "/account")
        .saying("That sign-in is ended, and so are the tokens generated in it.")
        .ends(host::told(done))
}

/// Ends every sign-in and every token of the user.
///
/// # Errors
/// [`UiError::Unavailable`] when the end cannot be written down.
#[server(prefix = "/ui", endpoint = "sign-out-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let done = host::told(service.sign_out_everywhere(&caller).await);
    let form = host::Form::on("everywhere", "/account")
        .then("/signin")
        .saying("You are signed out everywhere, and all your tokens are ended.");
    form.ends(done.map(|()| host::close_session()))
}

/// Changes the password of whoever is signed in.
///
/// # Errors
/// [`UiError::Refused`] when the old one is wrong or the new one breaks a rule.
#[server(prefix = "/ui", endpoint = "password/change")]
pub async fn change_password(
    /// The password they have.
    #[server(rename = "oldPassword")]
    old: String,
    /// The password they want.
    password: String,
) -> Result<(), UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let done = host::told(service.change_password(&caller, &old, &password).await);
    host::Form::on("password", "/account")
        .saying("The password is changed.")
        .ends(done)
}
