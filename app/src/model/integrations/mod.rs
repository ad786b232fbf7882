//! Integrations and their forms.

pub mod form;
pub mod integration;
