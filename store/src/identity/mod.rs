//! The organization, its members and teams, sign-in, sessions, invitations and the set-up link. May use
//! `platform` and `audit`.
//!
//! Start with `member`; `member_list` and `invitation_list` have the lists, `ended_rows` removal
//! by age.

pub(crate) mod claim;
pub(crate) mod custom_category;
pub(crate) mod ended_rows;
pub(crate) mod invitation;
pub(crate) mod invitation_list;
pub(crate) mod member;
pub(crate) mod member_list;
pub(crate) mod organization;
pub(crate) mod reader;
pub(crate) mod session;
pub(crate) mod sign_in_failure;
pub(crate) mod team_member;
