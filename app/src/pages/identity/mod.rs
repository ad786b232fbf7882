//! Sign-in, set-up, invitations, members, teams and the organization. Start with `sign_in`, then `members::list`.
//! May use `model`, `request`, `ui`, `pages/platform`, and `pages/audit` for the Info dialog.

pub mod categories;
mod claim;
pub mod confirm;
pub mod invitation;
pub mod invitations;
pub mod members;
pub mod setup;
pub mod sign_in;
pub mod teams;
