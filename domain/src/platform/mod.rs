//! Types and rules that other rooms share: ids, timestamps, names, pages, limits, JSON, rejected input.
//!
//! Start with [`document`], the JSON object of a request; `fields` parses its fields. May use no other room.

pub(crate) mod clause;
pub mod document;
pub(crate) mod fields;
pub mod id;
pub mod idempotency;
pub mod import_origin;
pub mod json;
pub mod limits;
pub(crate) mod masked_url;
pub mod masked_webhook;
pub mod name;
pub mod network;
pub mod notification;
pub mod page;
pub mod rejection;
pub mod search;
pub(crate) mod shape;
pub mod timestamp;
pub mod visible;
