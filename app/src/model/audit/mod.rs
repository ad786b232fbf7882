//! The audit log: entries, the query of its page, and Info. Start with `log`. May use the rest of `model`.

pub mod info;
pub mod log;
pub mod query;
pub mod verification;
