//! Entering the password again in a session, before an operation that takes it.

use domain::{
    audit::event::{Action, ObjectType},
    identity::actor::Caller,
};

use crate::{
    audit::commit::{done, object},
    identity::{
        handle::Identities,
        sign_in::{check_unchanged, failures_since::FailuresSince, wrong_password},
    },
    platform::error::ServiceError,
};

impl Identities {
    /// Compares the password of the caller and notes in the session that it was entered now. `known_browser` is the
    /// text of the cookie that states that the account has signed in with the browser. Returns the failed sign-ins from
    /// other addresses since the password was entered before.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when it is wrong, [`ServiceError::Limited`] after too many wrong ones,
    /// [`ServiceError::Unauthenticated`] when the caller is not a session, or the session has ended meanwhile.
    pub async fn confirm_password(
        &self,
        caller: &Caller,
        password: &str,
        known_browser: Option<&str>,
    ) -> Result<Option<FailuresSince>, ServiceError> {
        let session_id = caller.session_id().ok_or(ServiceError::Unauthenticated)?;
        let user = caller.user().ok_or(ServiceError::Unauthenticated)?;
        let wrong = wrong_password("password");
        let matched = self
            .authenticate_password(&user.email, password, known_browser, &caller.request)
            .await
            .map_err(&wrong)?;
        let member = &matched.member;
        let failures = self
            .failures_since_password(member, &caller.request)
            .await?;
        let mut write = self.platform.store().write().await?;
        check_unchanged(&mut write, member).await.map_err(&wrong)?;
        let now = self.platform.now();
        if !write.confirm_session(session_id, now).await? {
            return Err(ServiceError::Unauthenticated);
        }
        write
            .forgive_failures(&member.email, &matched.attempt.network)
            .await?;
        let object = object(ObjectType::Session, session_id, &member.email);
        let event = done(caller, now, Action::SignIn, object, Vec::new());
        self.audit.commit(write, event).await?;
        Ok(failures)
    }
}
