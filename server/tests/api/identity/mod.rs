//! Members, invitations, teams and sessions.

mod mail;
mod members;
mod session;
