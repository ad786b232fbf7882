//! The audit log and Info.

mod events;
mod info;
mod log;
