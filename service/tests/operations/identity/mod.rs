//! Members, teams, sign-in and sessions.

mod member_pages;
mod members;
mod sign_in;
mod teams;
