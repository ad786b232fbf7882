//! Compares the rows of objects, teams, members, tokens, sessions and invitations with what the audit log says that they
//! became. Start with `check`. `start` adds the states of rows that are older than this, `repeat` keeps states when
//! retention removes their events, `background` checks in a running server.

pub(crate) mod background;
mod check;
mod covered;
pub(crate) mod finding;
mod known;
pub(crate) mod meter;
mod repeat;
pub(crate) mod start;
