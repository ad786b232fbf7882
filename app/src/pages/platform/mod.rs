//! The frame around pages, the start page, errors, sign-out, and the API description. Start with `frame`, which every
//! page is in. May use `ui`, `model` and `request`, and no other room of the pages.

pub mod administrators_only;
pub mod docs;
#[cfg(feature = "ssr")]
pub mod error_page;
pub mod frame;
pub mod home;
pub mod not_found;
pub mod sign_out;
