//! The user interface: pages, the components they consist of, and their server functions.
//!
//! Holds markup, screen texts and the data that pages show. Never holds SQL, a permission decision (the `service` crate
//! decides, pages show the result) or types of the API under `/v2`.
//!
//! The crate is compiled twice: into the server (feature `ssr`), which renders whole pages, and to WebAssembly
//! (feature `hydrate`), where only the islands run, such as [`ui::menu`] and the token panel of Account Settings.
//! Every page works without scripts. The code that needs a server is behind `ssr`: `request`, the bodies of server
//! functions, and the modules beside the pages that are declared with `#[cfg(feature = "ssr")]`, such as `server.rs`.
//!
//! Arrows between the folders: `pages` uses `ui`, `model` and `request`; `ui` and `request` use `model`; all use
//! [`error`]. Start with [`routes`], the list of pages, then read [`pages::tokens::account`].

#[cfg(feature = "ssr")]
pub mod request;

pub mod error;
pub mod model;
pub mod pages;
pub mod routes;
mod shell;
pub mod ui;

pub use model::platform::assets::Assets;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use routes::takes_form;
pub use shell::shell;
