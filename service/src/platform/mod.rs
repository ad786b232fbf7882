//! The base of all rooms: clock, randomness, background tasks, encryption, HTTP client, mail and errors.
//!
//! Start with `handle::Platform`. May use no other room.

pub mod clock;
pub(crate) mod encryption;
pub(crate) mod error;
pub(crate) mod file_access;
pub(crate) mod handle;
pub(crate) mod http_client;
pub(crate) mod http_endpoint;
pub(crate) mod http_resolver;
pub(crate) mod http_source;
pub(crate) mod key_files;
pub(crate) mod key_ring;
pub(crate) mod limited_log;
pub(crate) mod lock;
pub(crate) mod mail;
pub(crate) mod master_key;
pub(crate) mod random;
pub(crate) mod readiness;
pub(crate) mod removal_run;
pub(crate) mod secret_cipher;
pub(crate) mod tasks;
#[cfg(test)]
pub(crate) mod test_hosts;
pub(crate) mod wal_limit;
