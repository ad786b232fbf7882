//! Account Settings, user tokens and org tokens. Start with `account::page`. May use `pages/audit`, `pages/objects`,
//! `pages/platform` and `ui`.

pub mod account;
pub mod org_tokens;
#[cfg(feature = "ssr")]
pub(crate) mod snippets;
pub mod user_tokens;
