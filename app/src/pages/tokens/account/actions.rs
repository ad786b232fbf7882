//! Server functions of Account Settings.

use domain::{identity::session::ListedSession, platform::id::SessionId};
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        platform::list::ListPage,
        tokens::user_token::{GeneratedToken, TokenQuery, TokenRow},
    },
};

/// Generates a user API access token that ends with this session.
///
/// A script gets the token in the response. A plain form is redirected to the page that shows it once.
///
/// # Errors
/// [`UiError::Rejected`] for a bad name.
#[server(prefix = "/ui", endpoint = "token/generate")]
pub async fn generate_token(
    /// Name; may be empty.
    name: String,
) -> Result<Option<GeneratedToken>, UiError> {
    use crate::request;
    let (service, caller) = request::signed_in()?;
    let issued = request::report(service.tokens().generate(&caller, &name).await);
    if !request::is_plain_form() {
        return issued.map(|issued| {
            Some(crate::pages::tokens::account::server::new_token(
                &caller, &issued,
            ))
        });
    }
    let form = request::Form::on("generate", "/account")
        .then("/account/token")
        .keeping("name", &name);
    form.ends(issued.map(|issued| {
        request::hand_over_reveal(&service.tokens().encrypt_reveal(&caller, &issued))
    }))
    .map(|()| None)
}

/// A page of the signed-in user's tokens that match a query.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "token/mine")]
pub async fn my_tokens(
    /// Search, filters and sort order.
    query: TokenQuery,
) -> Result<ListPage<TokenRow>, UiError> {
    use crate::{pages::tokens::user_tokens::server, request};
    let (service, caller) = request::signed_in()?;
    server::list_mine(&service, &caller, &query).await
}

/// Revokes several tokens of the signed-in user. Tokens that have ended stay as they are.
///
/// # Errors
/// [`UiError::NotFound`] when one of them is not a token of the caller.
#[server(prefix = "/ui", endpoint = "token/revoke-many-mine")]
pub async fn revoke_my_tokens(
    /// The tokens.
    #[server(default)]
    ids: Vec<String>,
) -> Result<(), UiError> {
    crate::pages::tokens::revoke::revoke_selected(&ids, "/account").await
}

/// Revokes a token of the signed-in user.
///
/// # Errors
/// [`UiError::NotFound`] when the caller owns no such token.
#[server(prefix = "/ui", endpoint = "token/revoke-mine")]
pub async fn revoke_my_token(
    /// The token.
    id: String,
) -> Result<(), UiError> {
    crate::pages::tokens::revoke::revoke_one(&id, "/account").await
}

/// The sessions of the signed-in user that are open, or have timed out and have live tokens, newest first, and the id of
/// this browser's session.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "session/mine")]
pub async fn my_sessions() -> Result<(Option<SessionId>, Vec<ListedSession>), UiError> {
    use crate::request;
    let (service, caller) = request::signed_in()?;
    let sessions = request::report(service.identity().list_sessions(&caller).await)?;
    Ok((caller.session_id(), sessions))
}

/// Ends a session of the signed-in user and the tokens generated in it.
///
/// # Errors
/// [`UiError::NotFound`] when the caller has no such session.
#[server(prefix = "/ui", endpoint = "session/end-mine")]
pub async fn end_my_session(
    /// The session.
    id: String,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let done = service
        .identity()
        .end_session(&caller, parameters::session_id(&id)?)
        .await;
    request::Form::on("session", "/account")
        .saying("The session was ended, and so were the tokens generated in it.")
        .ends(request::report(done))
}

/// Ends all sessions and tokens of the signed-in user.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "sign-out-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), UiError> {
    use crate::request;
    let (service, caller) = request::signed_in()?;
    let done = request::report(service.identity().sign_out_everywhere(&caller).await);
    let form = request::Form::on("everywhere", "/account")
        .then("/signin")
        .saying("You are signed out everywhere, and all your tokens are ended.");
    form.ends(done.map(|()| request::close_session()))
}

/// Changes the caller's password, and revokes all their tokens on request.
///
/// # Errors
/// [`UiError::Rejected`] when the old one is wrong or the new one breaks a rule.
#[server(prefix = "/ui", endpoint = "password/change")]
pub async fn change_password(
    /// Current password.
    #[server(rename = "oldPassword")]
    old: String,
    /// New password.
    password: String,
    /// Whether to revoke all tokens, too.
    #[server(default)]
    revoke: bool,
) -> Result<(), UiError> {
    use crate::request;
    use service::OtherTokens;
    let (service, caller) = request::signed_in()?;
    let others = OtherTokens::revoked_if(revoke);
    let changed = service
        .identity()
        .change_password(&caller, &old, &password, others)
        .await;
    let changed = request::report(changed);
    let mut form = request::Form::on("password", "/account");
    if let Ok(change) = &changed {
        form = form.saying(outcome(change));
    }
    form.ends(changed.map(drop))
}

/// The effect of a new password on sessions and tokens, in sentences.
#[cfg(feature = "ssr")]
fn outcome(change: &service::PasswordChange) -> String {
    use crate::ui::list::listing::counted;
    let ended = format!(
        "The password is changed. Ended: {}, {}.",
        counted(change.ended_sessions, "other session", "other sessions"),
        counted(change.ended_tokens, "token", "tokens"),
    );
    match change.live_tokens {
        0 => ended,
        live => format!(
            "{ended} Still live: {}. Revoke those that may be in the wrong hands, or sign out everywhere.",
            counted(live, "token", "tokens"),
        ),
    }
}

/// Sets the theme of this browser.
///
/// # Errors
/// [`UiError::Rejected`] for an unknown theme, [`UiError::SignedOut`] when the caller is not signed in.
#[server(prefix = "/ui", endpoint = "theme/choose")]
pub async fn choose_theme(
    /// Label of the theme.
    theme: String,
) -> Result<(), UiError> {
    use crate::{model::platform::theme::Theme, request};
    request::signed_in()?;
    let chosen = Theme::from_label(&theme).ok_or_else(|| UiError::Rejected {
        field: "theme".to_owned(),
        message: "There is no such theme.".to_owned(),
    });
    request::Form::on("theme", "/account")
        .saying("The theme is changed in this browser.")
        .ends(chosen.map(request::keep_theme))
}
