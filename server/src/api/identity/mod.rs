//! Who is calling: members, roles, teams, sessions.

pub(crate) mod member;
pub(crate) mod organization;
pub(crate) mod role;
pub(crate) mod team;
