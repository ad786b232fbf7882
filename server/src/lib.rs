//! The HTTP side of Countersign: the API under `/v2`, the pages, static files, and the command line.
//!
//! What may go in: request and response types, middleware, settings, wiring. What never: a rule about who may do what
//! (`domain`, `service`), SQL, markup.
//!
//! Start with [`api`], whose routes state who may call them, then [`middleware`], which every request passes.
//! `serving` assembles both with the pages (`site`) and listens; `command` has one file for each command, [`config`]
//! the settings. Tests run [`entry_service`] in process.

pub mod api;
pub mod cli;
mod command;
pub mod config;
pub mod middleware;
mod serving;
pub mod site;
pub mod telemetry;

pub use serving::assemble::entry_service;
