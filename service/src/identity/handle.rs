//! The handles of the identity room.

use std::sync::Arc;

use domain::identity::session::IdleTimeouts;

use crate::{
    audit::handle::Audit,
    identity::{
        passwords::Passwords,
        sessions::{form_token_key::FormTokenKey, last_use::SessionUses},
        sign_in::{places::SignInPlaces, rejection_counts::Rejections},
    },
    objects::handle::Objects,
    platform::{encryption::Vault, handle::Platform, mail::Mailer},
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
    pub(super) rejections: Arc<Rejections>,
    pub(super) form_tokens: Arc<FormTokenKey>,
    pub(super) vault: Arc<Vault>,
    pub(super) mailer: Option<Arc<Mailer>>,
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

/// What sign-in and sessions build on.
#[derive(Debug)]
pub(crate) struct SignInBase {
    pub(crate) passwords: Passwords,
    pub(crate) vault: Arc<Vault>,
    pub(crate) mailer: Option<Arc<Mailer>>,
    pub(crate) idle_timeouts: IdleTimeouts,
}

impl Identities {
    pub(crate) fn new(
        platform: Platform,
        tokens: Tokens,
        objects: Objects,
        audit: Audit,
        base: SignInBase,
    ) -> Self {
        let SignInBase {
            passwords,
            vault,
            mailer,
            idle_timeouts,
        } = base;
        let members = Members {
            platform: platform.clone(),
            audit: audit.clone(),
            tokens: tokens.clone(),
            passwords: Arc::new(passwords),
            sessions: SessionUses::new(platform.clone(), idle_timeouts),
        };
        Self {
            passwords: Arc::clone(&members.passwords),
            places: Arc::new(SignInPlaces::new()),
            rejections: Arc::default(),
            form_tokens: Arc::new(FormTokenKey::new(Arc::clone(&vault))),
            vault,
            mailer: mailer.clone(),
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
