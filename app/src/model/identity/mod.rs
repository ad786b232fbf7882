//! Members, invitations and teams.

pub mod invitation;
pub mod member;
pub mod team;
