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
        Err(UiError::SignedOut) => Ok(()),
        Err(error) => Err(error),
    };
    form.ends(done.map(|()| request::close_session()))
}
