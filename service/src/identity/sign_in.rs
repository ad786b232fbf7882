//! Sign-in: an address and a password become a session or a token. Attempts are throttled, and all failures get the
//! same response.

pub(crate) mod places;
pub(crate) mod throttle;

use domain::{
    audit::event::{Action, ObjectType},
    identity::{
        actor::{Actor, Caller, Identity, RequestMeta},
        credential::TokenKind,
        password::has_length_of_password,
        session::{self, Session},
    },
    platform::{id::SessionId, network::ClientNetwork},
    tokens::token::{OwnerState, TokenFamily},
};
use store::{Member, Write};
use zeroize::Zeroizing;

use crate::{
    audit::commit::{done, object},
    identity::{handle::Identities, sign_in::places::SignInPlace},
    platform::{encryption, error::ServiceError, random, tasks::detached},
    tokens::{authenticate::identity::user_identity, token_issue::IssuedToken},
};

/// The text of a session cookie. Never stored, never printed.
#[derive(Clone)]
pub struct SessionSecret(Zeroizing<String>);

impl SessionSecret {
    /// The text, for the cookie.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionSecret(…)")
    }
}

/// A new session with its cookie.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The text of its cookie.
    pub cookie: SessionSecret,
    /// The session.
    pub session: Session,
}

impl Identities {
    /// Signs in and creates a session.
    ///
    /// # Errors
    /// [`ServiceError::SignInFailed`] for all failures, with the same response after the same time;
    /// [`ServiceError::Limited`] when too many sign-ins of the account or from the network failed.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        request: &RequestMeta,
    ) -> Result<SignedIn, ServiceError> {
        let (member, _place) = self.authenticate_password(email, password, request).await?;
        let cookie = SessionSecret(Zeroizing::new(
            random::secret(TokenFamily::User).reveal()[4..].to_owned(),
        ));
        let mut write = self.platform.store().write().await?;
        check_unchanged(&mut write, &member).await?;
        let caller = sign_in_caller(&mut write, &member, request).await?;
        let now = self.platform.now();
        let session = Session {
            id: SessionId(self.platform.new_id()),
            organization_id: member.organization_id,
            user_id: member.id,
            created_at: now,
            expires_at: session::expiry_of(now),
            ended_at: None,
            last_used_at: None,
            address: request.address.to_string(),
            client: request.client.to_string(),
        };
        write
            .insert_session(&session, &encryption::digest(cookie.reveal().as_bytes()))
            .await?;
        write
            .forgive_failures(&member.email, &request.address)
            .await?;
        let object = object(ObjectType::Session, session.id, &member.email);
        let event = done(&caller, now, Action::SignIn, object, Vec::new());
        self.audit.commit(write, event).await?;
        Ok(SignedIn { cookie, session })
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
