//! The call log: calls are stored in blocks, merged and read back.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

mod merging;
mod reading;
mod support;
