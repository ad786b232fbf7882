//! Rules of every route and page: access, errors, headers, metrics, and the OpenAPI document.

pub(crate) mod bad_input;
mod bodies;
mod compression;
mod entry;
mod error_pages;
mod list_parameters;
mod methods;
mod metrics;
mod openapi;
mod outages;
pub(crate) mod recorded;
mod relative_times;
pub(crate) mod route_table;
mod routes;
mod titles;
