//! Signing out: the server function, and the message to other tabs of the same browser.

use leptos::{prelude::*, web_sys};

use crate::error::UiError;

/// Notifies the other tabs of this browser of the sign-out, so that they hide their content.
#[island]
pub(crate) fn AnnounceSignOut() -> impl IntoView {
    Effect::new(move |_| {
        if let Ok(channel) = web_sys::BroadcastChannel::new(SIGN_OUT_CHANNEL) {
            // There may be no other tab.
            let _ = channel.post_message(&"signed out".into());
            channel.close();
        }
    });
}

/// Name of the channel that reports a sign-out to the other tabs of a browser.
pub const SIGN_OUT_CHANNEL: &str = "countersign-sign-out";

#[cfg(feature = "ssr")]
async fn sign_out_timed_out() -> Result<(), UiError> {
    use crate::request;
    let (service, request) = (request::service()?, request::current()?);
    let Some(cookie) = request.session_cookie else {
        return Ok(());
    };
    let done = service
        .identity()
        .sign_out_timed_out(cookie.reveal(), &request.meta)
        .await;
    request::report(done)
}

/// Signs out. Tokens generated in this session end with it.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), UiError> {
    use crate::request;
    let form = request::Form::on("sign-out", "/account")
        .then("/signin")
        .saying("You are signed out.");
    let done = match request::signed_in() {
        Ok((service, caller)) => request::report(service.identity().sign_out(&caller).await),
        // A session that has timed out is still to be ended, with its tokens.
        Err(UiError::SignedOut) => sign_out_timed_out().await,
        Err(error) => Err(error),
    };
    form.ends(done.map(|()| request::close_session()))
}
