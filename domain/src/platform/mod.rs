//! Shared kernel: ids, times, names, pages, limits, JSON.

pub mod document;
pub mod id;
pub mod json;
pub mod limits;
pub mod name;
pub mod notification;
pub mod page;
pub mod rejection;
pub mod search;
pub mod timestamp;
