//! Actions that audit events record, and their labels.

use serde::{Deserialize, Serialize};

/// What an action does to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The object begins to exist.
    Begins,
    /// It changes.
    Changes,
    /// It no longer exists, or has ended.
    Ends,
    /// It stays as it was.
    Reads,
}

/// The action of an audit event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An object was created.
    Create,
    /// The content or the permissions of an object changed.
    Update,
    /// An object was deleted.
    Delete,
    /// A token was issued.
    Issue,
    /// A token was revoked.
    Revoke,
    /// An org token was rotated: it has a new secret. The master key was rotated.
    Rotate,
    /// A sign-in, or an attempt.
    SignIn,
    /// A sign-out.
    SignOut,
    /// A role was granted or withdrawn.
    Grant,
    /// A user was disabled.
    Disable,
    /// A user was enabled again.
    Enable,
    /// A password was changed.
    ChangePassword,
    /// A person was invited to become a member.
    Invite,
    /// The audit log or the call log was exported.
    Export,
    /// A stored secret was read: of an org token or an integration.
    Reveal,
    /// The failed sign-ins of a user were deleted, so that the user can sign in again.
    Unlock,
    /// An integration was validated.
    Validate,
    /// A token expired.
    Expire,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 18] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Issue,
        Self::Revoke,
        Self::Rotate,
        Self::SignIn,
        Self::SignOut,
        Self::Grant,
        Self::Disable,
        Self::Enable,
        Self::ChangePassword,
        Self::Invite,
        Self::Export,
        Self::Reveal,
        Self::Unlock,
        Self::Validate,
        Self::Expire,
    ];

    /// The label in the database and in the API.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Issue => "issue",
            Self::Revoke => "revoke",
            Self::Rotate => "rotate",
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::Grant => "grant",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::ChangePassword => "change_password",
            Self::Invite => "invite",
            Self::Export => "export",
            Self::Reveal => "reveal",
            Self::Unlock => "unlock",
            Self::Validate => "validate",
            Self::Expire => "expire",
        }
    }

    /// What the action does to its object.
    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::Create | Self::Issue | Self::SignIn | Self::Invite => Effect::Begins,
            Self::Update
            | Self::Rotate
            | Self::Grant
            | Self::Disable
            | Self::Enable
            | Self::ChangePassword
            | Self::Unlock => Effect::Changes,
            Self::Delete | Self::Revoke | Self::SignOut | Self::Expire => Effect::Ends,
            Self::Export | Self::Reveal | Self::Validate => Effect::Reads,
        }
    }

    /// The past tense, for pages: "created".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Update => "updated",
            Self::Delete => "deleted",
            Self::Issue => "issued",
            Self::Revoke => "revoked",
            Self::Rotate => "rotated",
            Self::SignIn => "signed in",
            Self::SignOut => "signed out",
            Self::Grant => "changed the role of",
            Self::Disable => "disabled",
            Self::Enable => "enabled",
            Self::ChangePassword => "changed the password of",
            Self::Invite => "invited",
            Self::Export => "exported",
            Self::Reveal => "read the secret of",
            Self::Unlock => "unlocked",
            Self::Validate => "validated",
            Self::Expire => "recorded the expiry of",
        }
    }

    /// The denied form, for pages: "was not allowed to create".
    #[must_use]
    pub const fn denied_words(self) -> &'static str {
        match self {
            Self::Create => "was not allowed to create",
            Self::Update => "was not allowed to update",
            Self::Delete => "was not allowed to delete",
            Self::Issue => "was not allowed to issue",
            Self::Revoke => "was not allowed to revoke",
            Self::Rotate => "was not allowed to rotate",
            Self::SignIn => "was not allowed to sign in",
            Self::SignOut => "was not allowed to end",
            Self::Grant => "was not allowed to change the role of",
            Self::Disable => "was not allowed to disable",
            Self::Enable => "was not allowed to enable",
            Self::ChangePassword => "was not allowed to change the password of",
            Self::Invite => "was not allowed to invite",
            Self::Export => "was not allowed to export",
            Self::Reveal => "was not allowed to read the secret of",
            Self::Unlock => "was not allowed to unlock",
            Self::Validate => "was not allowed to validate",
            Self::Expire => "was not allowed to record the expiry of",
        }
    }

    /// The action with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.label() == label)
    }
}
