//! The caller and the organization: actors, credentials, roles, members, teams, sessions, passwords.
//!
//! Start with [`actor::Caller`], the first argument of operations. May use: `platform`.

pub mod access;
pub mod actor;
pub mod credential;
pub mod custom_category;
pub mod denial;
pub mod member;
pub mod password;
pub mod role;
pub mod role_grant;
pub mod session;
pub mod team;
