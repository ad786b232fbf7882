//! User tokens and the organization's access tokens.

pub mod access_token;
pub mod access_token_input;
pub mod secret_text;
pub mod user_token;
