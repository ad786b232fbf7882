//! Tests of the store with a failing network or database.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

mod support;

mod fault {
    mod network;
}
