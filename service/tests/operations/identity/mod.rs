//! Members, teams, passwords, sign-in and its limits, and sessions.

mod confirm;
mod member_pages;
mod members;
mod passwords;
mod sign_in;
mod teams;
mod throttle;
mod timeouts;
