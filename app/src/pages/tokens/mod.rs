//! Account Settings, user tokens and org tokens. Start with `account::page`. May use `model`, `request`, `ui`,
//! `pages/platform`, `pages/audit` and `pages/objects`.

pub mod account;
pub mod org_tokens;
pub mod revoke;
#[cfg(feature = "ssr")]
pub(crate) mod snippets;
pub mod user_tokens;
