//! Who is calling: the actor, the credential it used, and the request it came with.
//!
//! A [`Caller`] is the first argument of every act. It exists only after its credential was found live, so an act
//! never has to ask again.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    identity::{
        credential::{CallerToken, Credential, TokenKind},
        role::{Role, RoleSet},
    },
    platform::id::{Id, OrganizationId, RequestId, SessionId, TeamId, UserId},
};

/// A user acting through one of their tokens or their signed-in browser, as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserActor {
    /// The user.
    pub id: UserId,
    /// Their full name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Their roles, looked up live: a token can never do more than its owner.
    pub roles: RoleSet,
    /// The teams they are in now.
    pub teams: Vec<TeamId>,
}

/// An organization acting through one of its tokens: with scope `API` it calls, with `INGEST` it sends data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgTokenActor {
    /// The org token.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its role: power, usage or read-only, never admin (docs/contract.md#roles).
    pub role: Role,
    /// Datapoints it may send in a minute; `None`: as many as it likes.
    pub datapoints_per_minute: Option<i64>,
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A user.
    User(UserActor),
    /// An org token.
    OrgToken(OrgTokenActor),
    /// The server itself, or whoever runs its command line.
    System,
}

impl Actor {
    /// The id that `creator` and `lastUpdatedBy` show (docs/contract.md#managed-fields).
    #[must_use]
    pub const fn id(&self) -> Id {
        match self {
            Self::User(user) => user.id.0,
            Self::OrgToken(token) => token.id,
            Self::System => Id::SYSTEM,
        }
    }

    /// The actor's name, for people.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.name,
            Self::OrgToken(token) => &token.name,
            Self::System => "Countersign",
        }
    }

    /// The roles the actor holds. The system holds none: it does not ask.
    #[must_use]
    pub fn roles(&self) -> RoleSet {
        match self {
            Self::User(user) => user.roles,
            Self::OrgToken(token) => RoleSet::of(&[token.role]).without(Role::Admin),
            Self::System => RoleSet::default(),
        }
    }

    /// The user, if it is one.
    #[must_use]
    pub const fn as_user(&self) -> Option<&UserActor> {
        match self {
            Self::User(user) => Some(user),
            Self::OrgToken(_) | Self::System => None,
        }
    }

    /// The org token, if it is one.
    #[must_use]
    pub const fn as_org_token(&self) -> Option<&OrgTokenActor> {
        match self {
            Self::OrgToken(token) => Some(token),
            Self::User(_) | Self::System => None,
        }
    }

    /// Whether this is a user who is an administrator. An org token never is (docs/contract.md#roles).
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.as_user().is_some_and(|user| user.roles.is_admin())
    }
}

/// An actor and its credential, as the cache of verified tokens keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organization in which everything happens.
    pub organization_id: OrganizationId,
    /// Who.
    pub actor: Actor,
    /// With what; `None` for the system.
    pub credential: Option<Credential>,
    /// What the token says of itself, so that it can be told without asking the database; `None` without a token.
    pub token: Option<CallerToken>,
}

/// What is known of the request that an operation belongs to. Never holds a secret.
///
/// Texts that many requests have in common are shared, not copied: one of these is made for every request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestMeta {
    /// The request's id, also on its reply.
    pub id: RequestId,
    /// The HTTP method; empty for the command line.
    pub method: Cow<'static, str>,
    /// The path that was asked for, without its query.
    pub path: String,
    /// The client's network address; empty for the command line.
    pub address: Arc<str>,
    /// The program, as it named itself (`User-Agent`).
    pub client: Arc<str>,
}

/// Who is calling, with what, by which request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who and with what.
    pub identity: Arc<Identity>,
    /// By which request.
    pub request: RequestMeta,
}

impl Caller {
    /// Whether the caller may see and end what belongs to this user: tokens and sessions. Users manage their own,
    /// administrators and the system those of every user.
    #[must_use]
    pub fn may_manage(&self, organization_id: OrganizationId, user_id: UserId) -> bool {
        let is_own = self.user().is_some_and(|user| user.id == user_id);
        let manages_all = match self.actor() {
            Actor::System => true,
            Actor::User(_) | Actor::OrgToken(_) => self.actor().is_administrator(),
        };
        self.organization_id() == organization_id && (is_own || manages_all)
    }

    /// The organization in which the caller acts.
    #[must_use]
    pub fn organization_id(&self) -> OrganizationId {
        self.identity.organization_id
    }

    /// Who is calling.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.identity.actor
    }

    /// The user who is calling, if it is one.
    #[must_use]
    pub fn user(&self) -> Option<&UserActor> {
        self.identity.actor.as_user()
    }

    /// The signed-in browser that is calling, if it is one.
    #[must_use]
    pub fn session_id(&self) -> Option<SessionId> {
        self.identity
            .credential
            .as_ref()
            .filter(|credential| credential.kind == TokenKind::UiLogin)
            .map(|credential| SessionId(credential.id))
    }
}
