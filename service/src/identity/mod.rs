//! The organization, its members, roles, teams and invitations; sign-in, sessions, passwords and set-up. Start with
//! [`handle`], which lists the handles, and [`members`].
//!
//! May use: `platform`, `audit`, `objects`, `tokens`.

pub(crate) mod claim_secret;
pub(crate) mod handle;
pub(crate) mod invitation_accept;
pub(crate) mod invitation_limits;
pub(crate) mod invitation_mail;
pub(crate) mod invitations;
pub(crate) mod last_seen;
pub(crate) mod member_checks;
pub(crate) mod member_list;
pub(crate) mod member_pages;
pub(crate) mod member_roles;
pub(crate) mod member_status;
pub(crate) mod member_view;
pub(crate) mod members;
pub(crate) mod organization;
pub(crate) mod passwords;
pub(crate) mod pending_invitations;
pub(crate) mod role_list;
pub(crate) mod roles;
pub(crate) mod session_end;
pub(crate) mod session_use;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod sign_in_limits;
pub(crate) mod team_checks;
pub(crate) mod team_list;
pub(crate) mod team_members;
pub(crate) mod teams;
