//! Lists: filters, sorting and pages, all of which are in the address. Start with `listing`. May use the rest
//! of `ui`, and `model`.

pub mod listing;
pub mod place;
