//! Integrations and their forms. Start with `integration`. May use the rest of `model`.

pub mod form;
pub mod integration;
