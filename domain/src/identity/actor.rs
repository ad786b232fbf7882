//! The caller: actor, credential and request.
//!
//! A [`Caller`] is the first argument of operations. `service` creates it from an authenticated credential, so an
//! operation does not check the credential again.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    identity::{
        credential::{CallerToken, Credential, TokenKind},
        denial::{PasswordNeeded, PermissionDenied},
        role::{Role, RoleSet},
    },
    platform::{
        id::{Id, OrganizationId, RequestId, SessionId, TeamId, UserId},
        idempotency::KeyedRequest,
        import_origin::ImportOrigin,
        limits,
        timestamp::Timestamp,
    },
};

/// A user, authenticated by a token or a session, with the current roles and teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserActor {
    /// The user.
    pub id: UserId,
    /// Their full name.
    pub name: String,
    /// Their email address.
    pub email: String,
    /// Their roles, read on every request: a token never allows more than its owner may do.
    pub roles: RoleSet,
    /// Their current teams.
    pub teams: Vec<TeamId>,
}

/// An org token: with scope `API` it calls the API, with `INGEST` it sends data, with `AUDIT` it exports the logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgTokenActor {
    /// The org token.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its role: power, usage or read-only, never admin (docs/contract.md#roles).
    pub role: Role,
    /// Whether it has the scope `AUDIT`.
    pub exports_logs: bool,
    /// Datapoints per minute that it may send; `None` is no limit.
    pub datapoints_per_minute: Option<i64>,
}

/// The actor of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A user.
    User(UserActor),
    /// An org token.
    OrgToken(OrgTokenActor),
    /// The server itself, or its command line.
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

    /// The actor's name, for pages.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.name,
            Self::OrgToken(token) => &token.name,
            Self::System => "Countersign",
        }
    }

    /// The roles of the actor. The system has none: it is an administrator without a role, and no object has to grant it
    /// access (docs/decisions/0037-imports-are-made-by-the-command-line.md).
    #[must_use]
    pub fn roles(&self) -> RoleSet {
        match self {
            Self::User(user) => user.roles,
            Self::OrgToken(token) => RoleSet::of(&[token.role]).without(Role::Admin),
            Self::System => RoleSet::default(),
        }
    }

    /// The user, if the actor is one.
    #[must_use]
    pub const fn as_user(&self) -> Option<&UserActor> {
        match self {
            Self::User(user) => Some(user),
            Self::OrgToken(_) | Self::System => None,
        }
    }

    /// The org token, if the actor is one.
    #[must_use]
    pub const fn as_org_token(&self) -> Option<&OrgTokenActor> {
        match self {
            Self::OrgToken(token) => Some(token),
            Self::User(_) | Self::System => None,
        }
    }

    /// Whether the actor may create objects: by a writing role, or as the command line, which has the database itself.
    #[must_use]
    pub fn is_writer(&self) -> bool {
        match self {
            Self::System => true,
            Self::User(_) | Self::OrgToken(_) => self.roles().is_writer(),
        }
    }

    /// Whether the actor may export the audit log and the call log.
    #[must_use]
    pub fn may_export_logs(&self) -> bool {
        match self {
            Self::System => true,
            Self::User(user) => user.roles.is_admin(),
            Self::OrgToken(token) => token.exports_logs,
        }
    }

    /// Whether the actor is a user with the administrator role. An org token never has it (docs/contract.md#roles).
    #[must_use]
    pub fn has_administrator_role(&self) -> bool {
        self.as_user().is_some_and(|user| user.roles.is_admin())
    }
}

/// An authenticated actor and its credential, as the token cache stores them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organization of the actor.
    pub organization_id: OrganizationId,
    /// The actor.
    pub actor: Actor,
    /// The credential; `None` for the system.
    pub credential: Option<Credential>,
    /// When the user last entered the password in the browser; `None` without a session.
    pub authenticated_at: Option<Timestamp>,
    /// Data of the token, cached so that returning them needs no query; `None` without a token.
    pub token: Option<CallerToken>,
}

/// Metadata of the request that an operation belongs to. Never holds a secret.
///
/// Strings that many requests share are reference-counted, because one value is created per request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestMeta {
    /// The request id, also in the response.
    pub id: RequestId,
    /// The HTTP method; empty for the command line.
    pub method: Cow<'static, str>,
    /// The requested path, without the query.
    pub path: String,
    /// The client's network address; empty for the command line.
    pub address: Arc<str>,
    /// The client program (`User-Agent`).
    pub client: Arc<str>,
}

/// The client of operations without a request: the program itself.
const PROGRAM: &str = "countersign";

impl RequestMeta {
    /// The metadata of an operation without a request: by the server itself, or by a command, for which `client` is from
    /// [`Self::client_of`].
    #[must_use]
    pub fn of_system(id: RequestId, client: Arc<str>) -> Self {
        Self {
            id,
            method: "".into(),
            path: String::new(),
            address: "".into(),
            client,
        }
    }

    /// The client of operations without a request: the program, and the operator of its command.
    #[must_use]
    pub fn client_of(operator: Option<&str>) -> Arc<str> {
        match operator {
            Some(operator) => format!("{PROGRAM} ({operator})").into(),
            None => PROGRAM.into(),
        }
    }

    /// Who ran the command that did this; `None` for a request and for the server itself.
    #[must_use]
    pub fn operator(&self) -> Option<&str> {
        let client = Some(&*self.client).filter(|_| self.address.is_empty())?;
        let operator = client.strip_prefix(PROGRAM)?.strip_prefix(" (")?;
        operator.strip_suffix(')')
    }
}

/// The caller of an operation.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Actor and credential.
    pub identity: Arc<Identity>,
    /// The request.
    pub request: RequestMeta,
    /// The idempotency key of the request, if it has one and creates something.
    pub keyed: Option<Arc<KeyedRequest>>,
    /// Where the object comes from that the operation creates; `None` unless it is imported.
    pub origin: Option<Arc<ImportOrigin>>,
}

impl Caller {
    /// Whether the caller is an administrator: a user with that role, or the system. The credential is not considered.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        match self.actor() {
            Actor::System => true,
            Actor::User(_) | Actor::OrgToken(_) => self.actor().has_administrator_role(),
        }
    }

    /// Whether the caller sees the usage of others (docs/contract.md#roles).
    #[must_use]
    pub fn reads_usage_of_others(&self) -> bool {
        self.is_administrator() || self.actor().roles().contains(Role::Usage)
    }

    /// Checks that the caller is an administrator.
    ///
    /// # Errors
    /// [`PermissionDenied`] when it is not.
    pub fn authorize_administrator(&self) -> Result<(), PermissionDenied> {
        if self.is_administrator() {
            Ok(())
        } else {
            Err(PermissionDenied)
        }
    }

    /// Checks that the user of a session has entered the password recently: an open browser is not enough for what takes
    /// rights or secrets. Tokens are not affected.
    ///
    /// # Errors
    /// [`PasswordNeeded`] after [`limits::PASSWORD_VALID_SECONDS`].
    pub fn authorize_recent(&self, now: Timestamp) -> Result<(), PasswordNeeded> {
        match self.identity.authenticated_at {
            Some(at) if now >= at.plus_seconds(limits::PASSWORD_VALID_SECONDS) => {
                Err(PasswordNeeded)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The calling user.
    ///
    /// # Errors
    /// [`PermissionDenied`] when the caller is not a user.
    pub fn authorize_user(&self) -> Result<&UserActor, PermissionDenied> {
        self.user().ok_or(PermissionDenied)
    }

    /// Whether the caller may see and end what belongs to this user: tokens and sessions. Users manage their own,
    /// administrators those of every user.
    #[must_use]
    pub fn may_manage(&self, organization_id: OrganizationId, user_id: UserId) -> bool {
        let is_own = self.user().is_some_and(|user| user.id == user_id);
        self.organization_id() == organization_id && (is_own || self.is_administrator())
    }

    /// The organization of the caller.
    #[must_use]
    pub fn organization_id(&self) -> OrganizationId {
        self.identity.organization_id
    }

    /// The actor.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.identity.actor
    }

    /// The user, if the actor is one.
    #[must_use]
    pub fn user(&self) -> Option<&UserActor> {
        self.identity.actor.as_user()
    }

    /// The session, if the credential is one.
    #[must_use]
    pub fn session_id(&self) -> Option<SessionId> {
        self.identity
            .credential
            .as_ref()
            .filter(|credential| credential.kind == TokenKind::UiLogin)
            .map(|credential| SessionId(credential.id))
    }
}
