//! Who is calling: members, roles, teams, sessions.

pub(crate) mod claim;
pub(crate) mod custom_category;
pub(crate) mod invitation;
pub(crate) mod member;
pub(crate) mod member_list;
pub(crate) mod organization;
pub(crate) mod session;
pub(crate) mod sign_in_failure;
pub(crate) mod team_member;
