//! Form tokens: each form that a page of a session posts carries one. It depends on the session and on the path of the
//! form, so that markup in a stored text that becomes part of a page, should that ever happen, cannot post a form: it
//! knows no token, and a token that it takes from a form of the page is for another path.

use domain::identity::actor::Caller;

use crate::identity::handle::Identities;

impl Identities {
    /// The token of the forms that the caller's session posts to a path; `None` without a session.
    #[must_use]
    pub fn form_token(&self, caller: &Caller, path: &str) -> Option<String> {
        let text = signed_text(caller, path)?;
        Some(self.form_tokens.sign(&text))
    }

    /// Whether this is the token of the forms that the caller's session posts to a path.
    #[must_use]
    pub fn accepts_form_token(&self, caller: &Caller, path: &str, token: &str) -> bool {
        signed_text(caller, path).is_some_and(|text| self.form_tokens.accepts(&text, token))
    }
}

/// No id contains a space, so that the text names one session and one path.
fn signed_text(caller: &Caller, path: &str) -> Option<String> {
    let session = caller.session_id()?;
    Some(format!("{session} {path}"))
}
