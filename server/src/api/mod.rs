//! The API under `/v2`, as real clients expect it to the letter.
//!
//! # Adding a noun
//!
//! One file a noun: its routes at the top, then handlers, then the types it speaks. In `dashboard.rs`:
//!
//! ```text
//! /// The routes of dashboards.
//! pub(super) fn routes() -> Routes {
//!     Routes::new()
//!         .get("/v2/dashboard", Access::AnyCaller, list)
//!         .post("/v2/dashboard", Access::Writer, create)
//!         .get("/v2/dashboard/{id}", Access::AnyCaller, find)
//!         .delete("/v2/dashboard/{id}", Access::Writer, delete)
//! }
//!
//! async fn create(
//!     State(service): State<Service>,
//!     By(caller): By,
//!     JsonBody(document): JsonBody,
//! ) -> Result<Json<DashboardBody>, ApiError> {
//!     Ok(Json(service.create_dashboard(&caller, &document).await?.into()))
//! }
//! ```
//!
//! and `.and(dashboard::routes())` in [`routes`] below. Then one line a route in the table of `tests/routes.rs`, which
//! fails until it is there, and its story in a test of its own.
//!
//! - The [`route::Routes`] give every route its [`domain::access::Access`]. Before a handler runs, its caller is known
//!   and may call it; whether they may touch the one object is asked by the act in `service`.
//! - [`gate::By`] is the caller (`&caller` is a `&Caller`). A route that is [`Public`](domain::access::Access::Public)
//!   has none; [`crate::http::arrival::Facts`] are there for all.
//! - [`path::ObjectId`], [`path::ObjectIds`], [`path::Segment`] (a name) and [`path::WordAndId`] read the path;
//!   [`path::Parameters`] reads the query, with `page(default)` for `limit` and `offset`.
//! - [`body::JsonBody`] is an object, [`body::OptionalJsonBody`] one that may be left out. It comes last among the
//!   arguments. To read a fixed shape, take its fields from the document, `null` being "not given" (contract 1.3).
//! - `?` turns a `ServiceError` into the [`error::ApiError`] of contract 1.9; so do [`domain::refusal::Refused`] and
//!   [`domain::id::IdRefused`]. A handler has no other branch.
//! - Success is exactly the status of contract 1.11: `Json(…)` is 200, `StatusCode::NO_CONTENT` 204,
//!   `StatusCode::OK` 200 with nothing in it.
//! - What every reply carries, the request id, `no-store`, the call's record and the 30 seconds are seen to.

mod audit;
pub mod body;
mod chart;
mod dashboard;
mod dashboard_group;
mod detector;
pub mod error;
pub mod gate;
mod incident;
mod integration;
mod member;
mod object;
mod organization;
pub mod path;
mod role;
pub mod route;
mod session;
mod team;
mod token;

use route::Routes;

/// All routes of the API.
pub fn routes() -> Routes {
    Routes::new()
        .and(session::routes())
        .and(dashboard::routes())
        .and(dashboard_group::routes())
        .and(chart::routes())
        .and(detector::routes())
        .and(integration::routes())
        .and(team::routes())
        .and(token::routes())
        .and(organization::routes())
        .and(member::routes())
        .and(role::routes())
        .and(incident::routes())
        .and(audit::routes())
}
