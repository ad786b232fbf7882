//! The audit log on the API: audit events and calls as one list of entries, in two query languages, and Info.
//!
//! Start with [`routes`]. [`events`] and [`find`] read queries and share [`gather`], which walks events and calls into
//! a [`window`]; [`entry`] is one line of the response. [`export`] streams a log. [`info`] is about one object.
//! [`log_tree`] serves what witnesses and auditors verify. [`schema`] describes the shapes.
//!
//! Uses `api/platform`.

mod entry;
mod events;
mod export;
mod find;
mod gather;
mod info;
mod info_body;
pub(super) mod log_tree;
mod log_tree_schema;
pub(super) mod routes;
mod schema;
mod window;
