//! Lists: filters, sorting and pages, all of which are in the address.

pub mod listing;
pub mod place;
