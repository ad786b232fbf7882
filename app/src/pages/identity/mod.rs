//! Who is calling: members, roles, teams, sessions.

pub mod categories;
pub mod invitation;
pub mod invitations;
pub mod members;
pub mod setup;
pub mod sign_in;
pub mod teams;
