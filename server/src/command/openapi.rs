//! `countersign openapi`: the description of the API, as the repository keeps it. It asks no database.

use super::say;
use crate::api::openapi;

/// Prints it.
pub(crate) fn run() {
    say(&openapi::text());
}
