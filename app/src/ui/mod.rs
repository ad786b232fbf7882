//! The parts pages are made of, one file each; their styles are in `style/` under the same names.
//!
//! Flat files rather than a folder a part: each is small, and its style is plain CSS that one program bundles.

pub mod ask;
pub mod bars;
mod browser;
mod browser_name;
pub mod copy;
pub mod dialog_request;
pub mod empty;
pub mod events;
pub mod failure;
pub mod field;
pub(crate) mod guard;
pub mod head;
pub mod list;
pub mod list_place;
pub mod mark;
pub mod menu;
pub mod modal;
pub mod moment;
pub mod navigation;
pub mod notice;
pub mod object;
pub mod page;
pub mod plain_secret;
pub mod record;
pub mod secret;
pub mod session;
pub mod snippet;
pub mod theme;
pub(crate) mod title;
pub mod token_row;
