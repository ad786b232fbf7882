//! Integrations: their types, parsing of requests, documents of responses, and secrets.
//!
//! Start with the table of types in `kinds` and [`IntegrationDraft::read`]. Forms and JSON Schemas are derived from the
//! same table. May use: `platform`.

mod completeness;
mod destination;
mod document;
mod field;
mod form;
mod form_values;
mod kind;
mod kinds;
mod need;
mod schema;
pub(crate) mod secrets;
mod shown;
mod target;

pub use completeness::check_settings;
pub use destination::{named_token, target};
pub use document::{
    ENCRYPTED, EXTERNAL_ID_LETTERS, IntegrationDraft, STANDARD_AWS_ACCOUNT_ARN, StoredIntegration,
    secrets_purpose,
};
pub use form::{FormField, FormInput, FormPart, form_of, kind_names, label};
pub use form_values::{item_count, read_typed, typed};
pub use schema::{created_schema, shown_schema, updated_schema};
pub use secrets::{Secrets, masked};
pub use shown::{defaults, show_secrets, shown};
pub use target::{Target, is_public};
