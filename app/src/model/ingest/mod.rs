//! Data that was sent. Start with `catalog`. May use the rest of `model`.

pub mod catalog;
