//! What browsers request: pages, their forms, the static files, and the export of the audit log.
//!
//! Start with [`pages`], which has the routes and renders pages with `app`; [`forms`] runs server functions,
//! [`export`] downloads the audit log and [`package`] a dashboard, [`static_files`] serves style, script and WebAssembly. [`context`]
//! authenticates the browser.
//!
//! May use `middleware`, `api/platform` and `api/openapi`.

mod context;
mod denial;
mod export;
mod files;
mod foreign_form;
mod form_key;
mod form_token;
mod forms;
mod package;
mod pages;
mod static_files;

pub(crate) use pages::routes;
pub use static_files::Site;
