//! Entering the password again in a session, before an operation that takes it.

use domain::{
    audit::event::{Action, FieldChange, ObjectType},
    identity::actor::Caller,
    platform::rejection::Rejected,
};

use crate::{
    audit::commit::{done, object},
    identity::{handle::Identities, sign_in::check_unchanged},
    platform::error::ServiceError,
};

impl Identities {
    /// Compares the password of the caller and notes in the session that it was entered now. `known_browser` is the
    /// text of the cookie that states that the account has signed in with the browser.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when it is wrong, [`ServiceError::Limited`] after too many wrong ones,
    /// [`ServiceError::Unauthenticated`] when the caller is not a session.
    pub async fn confirm_password(
        &self,
        caller: &Caller,
        password: &str,
        known_browser: Option<&str>,
    ) -> Result<(), ServiceError> {
        let session_id = caller.session_id().ok_or(ServiceError::Unauthenticated)?;
        let user = caller.user().ok_or(ServiceError::Unauthenticated)?;
        let wrong = |error: ServiceError| {
            if matches!(error, ServiceError::SignInFailed) {
                Rejected::field("password", "The password is wrong.").into()
            } else {
                error
            }
        };
        let matched = self
            .authenticate_password(&user.email, password, known_browser, &caller.request)
            .await
            .map_err(wrong)?;
        let mut write = self.platform.store().write().await?;
        check_unchanged(&mut write, &matched.member).await?;
        let now = self.platform.now();
        write.confirm_session(session_id, now).await?;
        write
            .forgive_failures(&matched.member.email, &matched.attempt.network)
            .await?;
        let object = object(ObjectType::Session, session_id, &user.email);
        // The change distinguishes it from a sign-in, after which the member has seen earlier failures.
        let confirmed = FieldChange {
            field: "confirmed".to_owned(),
            before: None,
            after: Some(true.into()),
        };
        let event = done(caller, now, Action::SignIn, object, vec![confirmed]);
        self.audit.commit(write, event).await
    }
}
