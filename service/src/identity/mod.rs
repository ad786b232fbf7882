//! Who is calling: members, roles, teams, sessions.

pub(crate) mod invitation_limits;
pub(crate) mod invitations;
pub(crate) mod member_list;
pub(crate) mod member_pages;
pub(crate) mod member_status;
pub(crate) mod members;
pub(crate) mod organization;
pub(crate) mod passwords;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod team_links;
pub(crate) mod team_members;
pub(crate) mod teams;
