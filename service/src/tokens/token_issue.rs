//! Issuing a user token: on Account Settings, or for a session of the API.

use domain::{
    audit::event::Action,
    identity::{actor::Caller, credential::TokenKind},
    platform::{
        id::{SessionId, TokenId, UserId},
        name::Name,
    },
    tokens::token::{self, OwnerState, Token, TokenFamily, TokenSecret},
};
use store::{NewToken, Write};
use zeroize::Zeroizing;

use crate::{
    audit::creation::{Creation, unreadable},
    platform::{encryption, error::ServiceError, random},
    tokens::{handle::Tokens, user_tokens::token_event},
};

/// A new token with its secret, which is not available later.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// The secret.
    pub secret: TokenSecret,
    /// The token.
    pub token: Token,
}

impl IssuedToken {
    /// The stored result of the request that issued it.
    fn as_stored(&self) -> (&Token, &str) {
        (&self.token, self.secret.reveal())
    }

    /// The token as the request that issued it returned it.
    pub(crate) fn from_stored((token, secret): (Token, String)) -> Result<Self, ServiceError> {
        let secret = Zeroizing::new(secret);
        let (_, secret) = TokenSecret::parse(&secret).map_err(|_| unreadable())?;
        Ok(Self { secret, token })
    }
}

impl Tokens {
    /// Generates a token on Account Settings. It ends when the caller's session is signed out, or after 30 days
    /// (docs/contract.md#token-kinds).
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is not a session, [`ServiceError::Rejected`] when the name
    /// breaks a rule.
    pub async fn generate(&self, caller: &Caller, name: &str) -> Result<IssuedToken, ServiceError> {
        let session_id = caller.session_id().ok_or(ServiceError::Unauthenticated)?;
        let user = caller.user().ok_or(ServiceError::Unauthenticated)?;
        let name = token_name(name)?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(stored) => return IssuedToken::from_stored(stored),
        };
        let is_live = write
            .find_session(session_id)
            .await?
            .is_some_and(|session| session.is_live(self.platform.now()));
        if !is_live {
            return Err(ServiceError::Unauthenticated);
        }
        self.issue(
            write,
            caller,
            user.id,
            TokenKind::Ui,
            name,
            Some(session_id),
        )
        .await
    }

    /// Issues a token and commits the write.
    pub(crate) async fn issue(
        &self,
        mut write: Write,
        caller: &Caller,
        user_id: UserId,
        kind: TokenKind,
        name: String,
        session_id: Option<SessionId>,
    ) -> Result<IssuedToken, ServiceError> {
        let now = self.platform.now();
        // The owner may have been disabled or removed since the caller was authenticated.
        let owner = write
            .find_member(user_id)
            .await?
            .filter(|owner| owner.state() == OwnerState::Active);
        if owner.is_none() {
            return Err(ServiceError::Unauthenticated);
        }
        let secret = random::secret(TokenFamily::User);
        let created_at = now.to_whole_millis();
        let token = Token {
            id: TokenId(self.platform.new_id()),
            organization_id: caller.organization_id(),
            user_id,
            kind,
            name,
            prefix: secret.prefix().to_owned(),
            last4: secret.last4().to_owned(),
            session_id,
            created_at,
            expires_at: token::expiry_of(created_at),
            ended: None,
            created_address: caller.request.address.to_string(),
            created_client: caller.request.client.to_string(),
            last_used: None,
        };
        let new = NewToken {
            token,
            digest: encryption::digest(secret.reveal().as_bytes()),
        };
        write.insert_token(&new).await?;
        let event = token_event(caller, now, Action::Issue, &new.token);
        let issued = IssuedToken {
            secret,
            token: new.token,
        };
        self.audit
            .commit_creation(write, caller, event, &issued.as_stored())
            .await?;
        Ok(issued)
    }
}

/// Parses the name, which may be empty.
pub(crate) fn token_name(text: &str) -> Result<String, ServiceError> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    Ok(Name::parse("name", text)?.as_str().to_owned())
}
