//! What every request and every reply has to do with, whether it is for the API, a page or a file.
//!
//! [`door`] is the outermost service; the others are its decisions, each in one file: the path as routes see it
//! ([`uri`]), who is at the other end ([`arrival`], [`trusted_proxies`]), whether a change was asked for by our own pages
//! ([`origin`]), what a link to us begins with ([`public_url`]), the cookie of a signed-in browser ([`cookie`]), what stands on every reply ([`headers`]), and
//! the page a browser is shown where none could be made ([`error_page`]).

pub(crate) mod catch;
pub mod cookies;
pub(crate) mod denial;
pub(crate) mod drain_body;
pub mod entry;
pub mod request_meta;

pub(crate) mod error_page;
pub(crate) mod headers;
pub mod origin;
pub(crate) mod public_url;
pub mod trusted_proxies;
pub(crate) mod uri;
