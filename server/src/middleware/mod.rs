//! What every request and every response passes, for API, pages and files alike.
//!
//! Start with [`entry`], the outermost service. Its decisions are one file each: the path as routes match it
//! ([`uri`]), the client ([`request_meta`], [`trusted_proxies`], [`forwarded`]), whether a change comes from our own
//! pages ([`origin`]), the headers of every response ([`headers`]), and the page that a browser gets for an error
//! ([`error_page`]). [`stopping`] states whether the server stops. Routes use [`catch`], [`public_url`], [`cookies`] and
//! [`denial`]; [`drain_body`] surrounds the entry service on a network connection.
//!
//! Uses no other room.

pub(crate) mod catch;
pub(crate) mod cookies;
mod cors;
pub(crate) mod denial;
pub(crate) mod drain_body;
pub mod entry;
pub(crate) mod error_page;
mod forwarded;
pub(crate) mod headers;
mod host;
pub(crate) mod origin;
pub(crate) mod peer;
pub(crate) mod plain_error;
pub(crate) mod public_url;
pub mod request_meta;
pub mod settings;
pub mod stopping;
pub mod trusted_proxies;
pub(crate) mod uri;
