//! User tokens and org tokens: secrets, liveness, and requests about org tokens.
//!
//! Start with [`token::state_at`] and [`org_token_state::OrgTokenEnds::state_at`], which decide whether a token is
//! live. May use: `platform`, `identity`, `audit`, `objects`.

pub mod org_token;
pub mod org_token_state;
pub(crate) mod rotation;
pub mod token;
pub mod token_end;
pub(crate) mod visibility;
