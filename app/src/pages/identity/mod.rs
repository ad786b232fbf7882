//! Sign-in, set-up, invitations, members, teams and the organization.

pub mod categories;
pub mod invitation;
pub mod invitations;
pub mod members;
pub mod setup;
pub mod sign_in;
pub mod teams;
