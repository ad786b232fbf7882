//! Attribution: the actor, credential and request of an operation, which events and objects copy.

use serde::{Deserialize, Serialize};

use crate::{
    identity::{
        actor::{Actor, Caller, RequestMeta},
        credential::Credential,
    },
    platform::id::Id,
};

/// The type of an actor (docs/contract.md#info).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorType {
    /// A user.
    User,
    /// An org token.
    OrgToken,
    /// The server, or its command line.
    System,
    /// A caller that is not authenticated: in a sign-in to an account that does not exist, or a form of another site.
    Unauthenticated,
}

impl ActorType {
    /// All types.
    const ALL: [Self; 4] = [
        Self::User,
        Self::OrgToken,
        Self::System,
        Self::Unauthenticated,
    ];

    /// The label in the database and in the API.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::OrgToken => "ORG_TOKEN",
            Self::System => "SYSTEM",
            Self::Unauthenticated => "UNAUTHENTICATED",
        }
    }

    /// The type with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }
}

/// Actor, credential and request of an operation: copies, not references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The type of the actor.
    pub actor_type: ActorType,
    /// The actor's id.
    pub actor_id: Id,
    /// The actor's name at that time.
    pub actor_name: String,
    /// The user's email address at that time; empty for others.
    pub actor_email: String,
    /// The credential; `None` for the system and for a sign-in attempt.
    pub credential: Option<Credential>,
    /// The request.
    pub request: RequestMeta,
}

impl Attribution {
    /// The name of a caller that is not authenticated.
    pub const UNAUTHENTICATED: &str = "Unauthenticated";

    /// The attribution of a request by a caller that is not authenticated.
    #[must_use]
    pub fn of_unauthenticated(request: RequestMeta) -> Self {
        Self {
            actor_type: ActorType::Unauthenticated,
            actor_id: Id::SYSTEM,
            actor_name: Self::UNAUTHENTICATED.to_owned(),
            actor_email: String::new(),
            credential: None,
            request,
        }
    }

    /// The attribution of this caller.
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        let (actor_type, actor_email) = match caller.actor() {
            Actor::User(user) => (ActorType::User, user.email.clone()),
            Actor::OrgToken(_) => (ActorType::OrgToken, String::new()),
            Actor::System => (ActorType::System, String::new()),
        };
        Self {
            actor_type,
            actor_id: caller.actor().id(),
            actor_name: caller.actor().name().to_owned(),
            actor_email,
            credential: caller.identity.credential.clone(),
            request: caller.request.clone(),
        }
    }
}
