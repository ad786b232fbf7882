//! Data that is sent.

pub mod data;
