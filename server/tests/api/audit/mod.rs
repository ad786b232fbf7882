//! The audit log and Info.

mod events;
mod export;
mod info;
mod log;
mod log_tree;
mod token_names;
mod unknown_types;
