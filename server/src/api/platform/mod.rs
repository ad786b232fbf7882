//! What all rooms of the API use: routes with their access, the auth guard, arguments and responses of handlers,
//! errors, and the OpenAPI document.
//!
//! Start with [`routes`], by which every room declares its routes, then [`auth_guard`], which runs before every
//! handler; [`idempotency`] is the part of it for requests that create something. Handlers take arguments from
//! [`caller`], [`path`], [`parameters`] and [`body`]; [`response`] and [`list`] hold what they return; [`object_handlers`] has the handlers that object kinds share; [`error`] has the mapping from
//! errors to statuses. [`schema`] describes shapes that several rooms share, and [`openapi`] renders everything as a
//! document.
//!
//! Uses `middleware`, and no other room of the API.

pub(crate) mod auth_guard;
pub(crate) mod body;
pub(crate) mod bytes;
pub(crate) mod call;
pub(crate) mod caller;
mod compressed;
pub(crate) mod compression;
pub(crate) mod denial;
pub(crate) mod error;
mod expiry;
mod filters_in_path;
pub(crate) mod idempotency;
pub(crate) mod list;
pub(crate) mod object_body;
pub(crate) mod object_handlers;
pub(crate) mod openapi;
pub(crate) mod other_method;
pub(crate) mod package_body;
pub(crate) mod parameters;
pub(crate) mod path;
pub(crate) mod response;
pub(crate) mod route;
pub(crate) mod routes;
pub(crate) mod schema;
