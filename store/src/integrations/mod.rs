//! The last validation of each integration. The integrations themselves are rows of `object`, in the room
//! `objects`.
//!
//! Start with `integration_check`, the only file. May use `platform`.

pub(crate) mod integration_check;
