//! `countersign openapi`: the description of the API, as the repository keeps it. It asks no database.

use super::say;
use crate::api;

/// Prints it.
pub(crate) fn run() {
    say(&api::platform::openapi::text());
}
