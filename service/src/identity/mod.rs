//! The organization, its members, roles, teams and invitations; sign-in, sessions, passwords and set-up. Start with
//! [`handle`], which lists the handles, and [`members`].
//!
//! May use: `platform`, `audit`, `objects`, `tokens`.

pub(crate) mod ended_rows;
pub(crate) mod handle;
pub(crate) mod invitations;
pub(crate) mod members;
pub(crate) mod organization;
pub(crate) mod password_strength;
pub(crate) mod passwords;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod teams;
