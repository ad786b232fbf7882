//! `countersign openapi`: prints the OpenAPI document, a copy of which is `docs/openapi.json`. It needs no database.

use super::say_all;
use crate::api::openapi;

/// Prints the document.
pub(crate) fn run() {
    say_all(&openapi::text());
}
