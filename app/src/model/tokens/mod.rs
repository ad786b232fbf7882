//! User tokens and the organization's access tokens, which are org tokens in the other crates. Start with `user_token`.
//! May use the rest of `model`.

pub mod access_token;
pub mod access_token_input;
pub mod secret_text;
pub mod user_token;
