//! The organization, its members and teams, sign-in, sessions, invitations and the set-up link. May use
//! `platform` and `audit`.
//!
//! Start with `member`; `member_list` has the list.

pub(crate) mod claim;
pub(crate) mod custom_category;
pub(crate) mod invitation;
pub(crate) mod member;
pub(crate) mod member_list;
pub(crate) mod organization;
pub(crate) mod reader;
pub(crate) mod session;
pub(crate) mod sign_in_failure;
pub(crate) mod team_member;
