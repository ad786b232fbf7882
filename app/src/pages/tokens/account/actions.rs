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
/// [`UiError::Rejected`] for a bad name or too many tokens.
#[server(prefix = "/ui", endpoint = "token/generate")]
pub async fn generate_token(
    /// What its owner calls it; may be empty.
    name: String,
) -> Result<Option<Generated>, UiError> {
    use crate::request::context;
    let (service, caller) = context::signed_in()?;
    let issued = context::told(service.tokens().generate(&caller, &name).await);
    if !context::is_plain_form() {
        return issued.map(|issued| Some(context::generated(&caller, &issued)));
    }
    let form = context::Form::on("generate", "/account")
        .then("/account/token")
        .keeping("name", &name);
    form.ends(issued.map(|issued| {
        context::hand_over_reveal(&service.tokens().encrypt_reveal(&caller, &issued))
    }))
    .map(|()| None)
}

/// The signed-in user's tokens, newest first.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "token/mine")]
pub async fn my_tokens() -> Result<Vec<TokenRow>, UiError> {
    use crate::request::context;
    let (service, caller) = context::signed_in()?;
    let tokens = context::told(service.tokens().list_mine(&caller).await)?;
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
    use crate::request::context;
    let (service, caller) = context::signed_in()?;
    let done = context::told(
        service
            .tokens()
            .revoke(&caller, context::token_id(&id)?)
            .await,
    );
    context::Form::on("revoke", "/account")
        .saying("The token is revoked.")
        .ends(done)
}

/// Signs out; tokens generated in this sign-in end with it.
///
/// # Errors
/// [`UiError::Unavailable`] when the end cannot be written down.
#[server(prefix = "/ui", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), UiError> {
    use crate::request::context;
    let form = context::Form::on("sign-out", "/account")
        .then("/signin")
        .saying("You are signed out.");
    let done = match context::signed_in() {
        Ok((service, caller)) => context::told(service.identity().sign_out(&caller).await),
        Err(_) => Ok(()),
    };
    form.ends(done.map(|()| context::close_session()))
}

/// The sign-ins of the user that are open now, newest first, and which of them this browser's is.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "session/mine")]
pub async fn my_sessions() -> Result<(Option<SessionId>, Vec<Session>), UiError> {
    use crate::request::context;
    let (service, caller) = context::signed_in()?;
    let sessions = context::told(service.identity().list_sessions(&caller).await)?;
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
    use crate::request::context;
    let (service, caller) = context::signed_in()?;
    let done = service
        .identity()
        .end_session(&caller, context::session_id(&id)?)
        .await;
    context::Form::on("session", "/account")
        .saying("That sign-in is ended, and so are the tokens generated in it.")
        .ends(context::told(done))
}

/// Ends every sign-in and every token of the user.
///
/// # Errors
/// [`UiError::Unavailable`] when the end cannot be written down.
#[server(prefix = "/ui", endpoint = "sign-out-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), UiError> {
    use crate::request::context;
    let (service, caller) = context::signed_in()?;
    let done = context::told(service.identity().sign_out_everywhere(&caller).await);
    let form = context::Form::on("everywhere", "/account")
        .then("/signin")
        .saying("You are signed out everywhere, and all your tokens are ended.");
    form.ends(done.map(|()| context::close_session()))
}

/// Changes the password of whoever is signed in.
///
/// # Errors
/// [`UiError::Rejected`] when the old one is wrong or the new one breaks a rule.
#[server(prefix = "/ui", endpoint = "password/change")]
pub async fn change_password(
    /// The password they have.
    #[server(rename = "oldPassword")]
    old: String,
    /// The password they want.
    password: String,
) -> Result<(), UiError> {
    use crate::request::context;
    let (service, caller) = context::signed_in()?;
    let done = context::told(
        service
            .identity()
            .change_password(&caller, &old, &password)
            .await,
    );
    context::Form::on("password", "/account")
        .saying("The password is changed.")
        .ends(done)
}
