//! Sign-in: an address and a password become a session or a token. Attempts are throttled, and all failures get the
//! same response.

pub(crate) mod attempt;
pub(crate) mod browser;
pub(crate) mod failures_since;
pub(crate) mod known_browser;
pub(crate) mod notice;
pub(crate) mod places;
pub(crate) mod rejection_counts;
pub(crate) mod rejections;
pub(crate) mod throttle;

use std::sync::Arc;

use domain::{
    identity::{
        actor::{Actor, Caller, Identity, RequestMeta},
        credential::TokenKind,
    },
    platform::{idempotency::KeyedRequest, rejection::Rejected},
};
use store::{Member, Write};

use crate::{
    audit::creation::Creation,
    identity::{handle::Identities, sign_in::browser::SignedIn},
    platform::error::ServiceError,
    tokens::{
        authenticate::identity::user_identity,
        token_issue::{IssuedToken, token_name},
    },
};

/// The cookies of a browser that signs in.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserCookies<'a> {
    /// The text of the session cookie.
    pub session: Option<&'a str>,
    /// The text of the cookie that states which account has signed in with the browser.
    pub browser: Option<&'a str>,
}

/// A request for a user token. It has no `Debug`, because it holds a password.
#[derive(Clone, Copy)]
pub struct SessionTokenRequest<'a> {
    /// The email address of the user.
    pub email: &'a str,
    /// Their password.
    pub password: &'a str,
    /// The organization; `None` for that of the user.
    pub organization_id: Option<&'a str>,
    /// The name of the token; may be empty.
    pub name: &'a str,
}

impl Identities {
    /// Signs in from a browser without cookies.
    ///
    /// # Errors
    /// As [`Self::sign_in_from`].
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        request: &RequestMeta,
    ) -> Result<SignedIn, ServiceError> {
        self.sign_in_from(BrowserCookies::default(), email, password, request)
            .await
    }

    /// Signs in from a browser with these cookies: continues its session, or creates one.
    ///
    /// # Errors
    /// [`ServiceError::SignInFailed`] for all failures, with the same response after the same time;
    /// [`ServiceError::Limited`] when too many sign-ins of the account or from the network failed.
    pub async fn sign_in_from(
        &self,
        cookies: BrowserCookies<'_>,
        email: &str,
        password: &str,
        request: &RequestMeta,
    ) -> Result<SignedIn, ServiceError> {
        let matched = self
            .authenticate_password(email, password, cookies.browser, request)
            .await?;
        let member = &matched.member;
        let failures = self.failures_since_password(member, request).await?;
        let mut write = self.platform.store().write().await?;
        check_unchanged(&mut write, member).await?;
        let caller = sign_in_caller(&mut write, member, request).await?;
        let (session, events) = self
            .open_session(&mut write, &caller, member, cookies.session)
            .await?;
        write
            .forgive_failures(&member.email, &matched.attempt.network)
            .await?;
        self.audit.commit(write, events).await?;
        Ok(SignedIn {
            cookie: session.cookie,
            session: session.session,
            browser: self.remember_browser(member),
            failures,
        })
    }

    /// Issues a token without a name for an address and a password; see [`Self::issue_session_token_once`].
    ///
    /// # Errors
    /// As [`Self::issue_session_token_once`].
    pub async fn issue_session_token(
        &self,
        email: &str,
        password: &str,
        organization_id: Option<&str>,
        request: &RequestMeta,
    ) -> Result<(IssuedToken, Member), ServiceError> {
        let asked = SessionTokenRequest {
            email,
            password,
            organization_id,
            name: "",
        };
        self.issue_session_token_once(None, &asked, request).await
    }

    /// Issues a token for an address and a password: `POST /v2/session` (docs/contract.md#issue-a-token). It is not
    /// bound to a session and remains live after sign-out. A repeat under the same idempotency key must have the right
    /// password, too.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the name breaks a rule; [`ServiceError::SignInFailed`] for all failures of the
    /// sign-in, and for an organization that the user does not belong to; [`ServiceError::Limited`] when too many
    /// sign-ins of the account or from the network failed; [`ServiceError::KeyReused`], [`ServiceError::InProgress`].
    pub async fn issue_session_token_once(
        &self,
        keyed: Option<Arc<KeyedRequest>>,
        asked: &SessionTokenRequest<'_>,
        request: &RequestMeta,
    ) -> Result<(IssuedToken, Member), ServiceError> {
        let name = token_name(asked.name)?;
        let matched = self
            .authenticate_password(asked.email, asked.password, None, request)
            .await?;
        let (member, attempt) = (&matched.member, &matched.attempt);
        let organization_id = asked.organization_id;
        if organization_id.is_some_and(|id| id != member.organization_id.to_string()) {
            self.store_failure(attempt, Some(member)).await?;
            return Err(ServiceError::SignInFailed);
        }
        let begun = self
            .audit
            .begin_keyed(keyed.as_deref(), member.organization_id, member.id.0);
        let mut write = match begun.await? {
            Creation::Begun(write) => write,
            Creation::Repeated(stored) => {
                return Ok((IssuedToken::from_stored(stored)?, matched.member));
            }
        };
        check_unchanged(&mut write, member).await?;
        write
            .forgive_failures(&member.email, &attempt.network)
            .await?;
        let caller = Caller {
            keyed,
            ..sign_in_caller(&mut write, member, request).await?
        };
        let kind = TokenKind::ApiSession;
        let issued = self
            .tokens
            .issue(write, &caller, member.id, kind, name, None)
            .await?;
        Ok((issued, matched.member))
    }
}

/// Checks in the transaction that the member is as they were when their password was compared: hashing takes long, and a
/// change of the password or of the member's state since then must not be undone by what the old password started.
pub(crate) async fn check_unchanged(
    write: &mut Write,
    member: &Member,
) -> Result<(), ServiceError> {
    let found = write.find_member(member.id).await?;
    if found.is_some_and(|found| found == *member) {
        Ok(())
    } else {
        Err(ServiceError::SignInFailed)
    }
}

/// Converts a failed sign-in into the rejection of this field, for a form of a member who is signed in.
pub(crate) fn wrong_password(field: &'static str) -> impl Fn(ServiceError) -> ServiceError {
    move |error| {
        if matches!(error, ServiceError::SignInFailed) {
            Rejected::field(field, error.to_string()).into()
        } else {
            error
        }
    }
}

/// The member as a caller without a credential, for the audit event of the sign-in.
pub(crate) async fn sign_in_caller(
    write: &mut Write,
    member: &Member,
    request: &RequestMeta,
) -> Result<Caller, ServiceError> {
    let identity: Identity = user_identity(write, member, None).await?;
    debug_assert!(
        matches!(identity.actor, Actor::User(_)),
        "a member is a user"
    );
    Ok(Caller {
        identity: identity.into(),
        request: request.clone(),
        keyed: None,
        origin: None,
    })
}
