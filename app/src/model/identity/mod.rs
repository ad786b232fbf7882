//! Members, invitations and teams. Start with `member`. May use the rest of `model`.

pub mod invitation;
pub mod member;
pub mod team;
