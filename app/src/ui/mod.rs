//! Components that pages consist of. They import no page: URLs, channels and actions are arguments. They may use `model`
//! and `error`.
//!
//! Start with [`page`], [`head`] and [`list`] for pages, [`field`] for forms, [`ask`] and [`modal`] for dialogs,
//! [`record`] and [`events`] for the audit log, [`secret`] for secrets.

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
pub mod new_password;
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
