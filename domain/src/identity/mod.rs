//! Who is calling: members, roles, teams, sessions.

pub mod access;
pub mod actor;
pub mod credential;
pub mod custom_category;
pub mod member;
pub mod password;
pub mod role;
pub mod role_grant;
pub mod session;
pub mod team;
