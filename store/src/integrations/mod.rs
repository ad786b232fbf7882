//! The last validation of each integration; the integrations themselves are in `objects`. Uses `platform`.

pub(crate) mod integration_check;
