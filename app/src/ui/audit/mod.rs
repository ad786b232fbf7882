//! The audit log as rows: events, calls and their changes. Start with `log`. May use the rest of `ui`, and
//! `model`.

pub mod events;
pub mod log;
