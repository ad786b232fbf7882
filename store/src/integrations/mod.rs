//! The last validation of each integration; the integrations themselves are in `objects`. May use `platform`.

pub(crate) mod integration_check;
