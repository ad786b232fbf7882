//! Components that pages consist of. They import no page: URLs, channels and actions are arguments. They may use
//! `model` and `error`.
//!
//! Start with [`page`] and [`list`] for pages, [`form`] for forms, [`dialog`] for dialogs, [`audit`] for the audit log,
//! and [`secret`] for secrets.

pub mod audit;
pub mod bars;
mod browser;
mod browser_name;
pub mod dialog;
pub mod form;
pub mod isolated;
pub mod list;
pub mod menu;
pub mod object;
pub mod page;
pub mod secret;
pub mod session;
pub mod time;
pub mod token_row;
