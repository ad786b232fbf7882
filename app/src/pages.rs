//! The pages, one file each: the page first, its parts, its server functions last.

pub mod access_token;
pub mod access_token_acts;
pub mod access_token_form;
pub mod access_tokens;
pub mod account;
pub mod dashboard;
pub mod dashboard_group;
pub mod dashboard_groups;
pub mod dashboards;
pub mod docs;
pub mod fresh_token;
pub mod home;
pub mod info;
pub mod invitation;
pub mod not_found;
pub mod permissions;
pub mod setup;
pub mod sign_in;
pub mod team;
pub mod team_form;
pub mod teams;
pub mod token;
pub mod tokens;
