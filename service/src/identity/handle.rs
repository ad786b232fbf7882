//! The handles of the identity room.

use std::sync::Arc;

use domain::identity::session::IdleTimeouts;

use crate::{
    audit::handle::Audit,
    identity::{
        passwords::Passwords, sessions::last_use::SessionUses, sign_in::places::SignInPlaces,
    },
    objects::handle::Objects,
    platform::{handle::Platform, mail::Mailer},
    tokens::handle::Tokens,
};

/// Sign-in, sessions, set-up, roles and the organization. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Identities {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) tokens: Tokens,
    pub(super) passwords: Arc<Passwords>,
    pub(super) places: Arc<SignInPlaces>,
    pub(super) sessions: SessionUses,
    pub(super) members: Members,
    invitations: Invitations,
    teams: Teams,
}

/// Members. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Members {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) tokens: Tokens,
    pub(super) passwords: Arc<Passwords>,
    pub(super) sessions: SessionUses,
}

/// Invitations to become a member. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Invitations {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) members: Members,
    pub(super) mailer: Option<Arc<Mailer>>,
}

/// Teams. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Teams {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) objects: Objects,
}

impl Identities {
    pub(crate) fn new(
        platform: Platform,
        passwords: Passwords,
        tokens: Tokens,
        objects: Objects,
        audit: Audit,
        mailer: Option<Arc<Mailer>>,
        idle: IdleTimeouts,
    ) -> Self {
        let members = Members {
            platform: platform.clone(),
            audit: audit.clone(),
            tokens: tokens.clone(),
            passwords: Arc::new(passwords),
            sessions: SessionUses::new(platform.clone(), idle),
        };
        Self {
            passwords: Arc::clone(&members.passwords),
            places: Arc::new(SignInPlaces::new()),
            sessions: members.sessions.clone(),
            invitations: Invitations {
                platform: platform.clone(),
                audit: audit.clone(),
                members: members.clone(),
                mailer,
            },
            teams: Teams {
                platform: platform.clone(),
                audit: audit.clone(),
                objects,
            },
            members,
            platform,
            audit,
            tokens,
        }
    }

    /// Last uses of sessions.
    pub(crate) const fn session_uses(&self) -> &SessionUses {
        &self.sessions
    }

    /// The members of the organization.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// Invitations to become a member.
    #[must_use]
    pub const fn invitations(&self) -> &Invitations {
        &self.invitations
    }

    /// Teams and their members.
    #[must_use]
    pub const fn teams(&self) -> &Teams {
        &self.teams
    }
}
