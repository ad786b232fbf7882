//! Integrations and their secrets.

pub(crate) mod documents;
mod logged_secrets;
