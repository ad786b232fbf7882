//! Sign-in: an address and a password become a session or a token. Attempts are throttled, and all failures get the
//! same response.

pub(crate) mod browser;
pub(crate) mod places;
pub(crate) mod throttle;

use domain::{
    identity::{
        actor::{Actor, Caller, Identity, RequestMeta},
        credential::TokenKind,
        password::has_length_of_password,
    },
    platform::network::ClientNetwork,
    tokens::token::OwnerState,
};
use store::{Member, Write};
use zeroize::Zeroizing;

use crate::{
    identity::{
        handle::Identities,
        sign_in::{browser::SignedIn, places::SignInPlace},
    },
    platform::{error::ServiceError, tasks::detached},
    tokens::{authenticate::identity::user_identity, token_issue::IssuedToken},
};

/// The cookies of a browser that signs in.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserCookies<'a> {
    /// The text of the session cookie.
    pub session: Option<&'a str>,
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
        let (member, _place) = self.authenticate_password(email, password, request).await?;
        let mut write = self.platform.store().write().await?;
        check_unchanged(&mut write, &member).await?;
        let caller = sign_in_caller(&mut write, &member, request).await?;
        let (signed_in, events) = self
            .open_session(&mut write, &caller, &member, cookies.session)
            .await?;
        write
            .forgive_failures(&member.email, &request.address)
            .await?;
        self.audit.commit(write, events).await?;
        Ok(signed_in)
    }

    /// Issues a token for an address and a password: `POST /v2/session` (docs/contract.md#issue-a-token). It is not
    /// bound to a session and remains live after sign-out.
    ///
    /// # Errors
    /// [`ServiceError::SignInFailed`] for all failures, and for an organization that the user does not belong to;
    /// [`ServiceError::Limited`] when too many sign-ins of the account or from the network failed, or the user has too many live tokens.
    pub async fn issue_session_token(
        &self,
        email: &str,
        password: &str,
        organization_id: Option<&str>,
        request: &RequestMeta,
    ) -> Result<(IssuedToken, Member), ServiceError> {
        let (member, _place) = self.authenticate_password(email, password, request).await?;
        if organization_id.is_some_and(|id| id != member.organization_id.to_string()) {
            self.store_failure(&member.email, Some(&member), request)
                .await?;
            return Err(ServiceError::SignInFailed);
        }
        let mut write = self.platform.store().write().await?;
        check_unchanged(&mut write, &member).await?;
        write
            .forgive_failures(&member.email, &request.address)
            .await?;
        let caller = sign_in_caller(&mut write, &member, request).await?;
        let (kind, name) = (TokenKind::ApiSession, String::new());
        let issued = self
            .tokens
            .issue(write, &caller, member.id, kind, name, None)
            .await?;
        Ok((issued, member))
    }

    /// Finds the member with this address and compares the password. The place is to be held until the outcome is
    /// stored. A failure is counted even when the client disconnects.
    pub(crate) async fn authenticate_password(
        &self,
        email: &str,
        password: &str,
        request: &RequestMeta,
    ) -> Result<(Member, SignInPlace), ServiceError> {
        let (identities, request) = (self.clone(), request.clone());
        let (email, password) = (email.to_owned(), Zeroizing::new(password.to_owned()));
        let work = async move {
            identities
                .compare_password(&email, &password, &request)
                .await
        };
        detached(work).await?
    }

    async fn compare_password(
        &self,
        email: &str,
        password: &str,
        request: &RequestMeta,
    ) -> Result<(Member, SignInPlace), ServiceError> {
        // No address contains a control character, and PostgreSQL rejects U+0000 in a text.
        let account = email.trim().to_lowercase();
        let account: String = account
            .chars()
            .filter(|c| !c.is_control())
            .take(254)
            .collect();
        let network = ClientNetwork::of(&request.address);
        let place = self.places.reserve(&account, &network.subnet).await?;
        self.check_failures(&account, &network).await?;
        let found = self
            .platform
            .store()
            .read()
            .await?
            .find_member_by_email(&account)
            .await?;
        let able = found
            .as_ref()
            .filter(|member| member.state() == OwnerState::Active);
        let hash = able
            .map(|member| member.password_hash.as_str())
            .filter(|hash| !hash.is_empty());
        let right =
            has_length_of_password(password) && self.passwords.matches(password, hash).await?;
        match found {
            Some(member) if right => Ok((member, place)),
            found => {
                self.store_failure(&account, found.as_ref(), request)
                    .await?;
                Err(ServiceError::SignInFailed)
            }
        }
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
    })
}
