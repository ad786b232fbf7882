//! The API under `/v2`, exactly as its clients expect it (docs/contract.md).
//!
//! Start with [`routes`], the table of all routes, then one room, then [`platform`], which all rooms use. Rooms may use
//! [`platform`] and `middleware`, and no other room; only [`routes`] uses the rooms.
//!
//! # Adding a noun
//!
//! A noun has one file with its routes at the top, then handlers, then its request and response types. The shapes of
//! its documents, which only describe them in the OpenAPI document, are in `schema.rs` of the folder with its name.
//! Object kinds implement [`ObjectKind`](platform::object_handlers::ObjectKind) and use shared handlers. In
//! `dashboard.rs`:
//!
//! ```text
//! /// The routes of dashboards.
//! pub(crate) fn routes() -> Routes {
//!     Routes::of("Dashboards", "Charts on a page, with filters for all of them.")
//!         .get("/v2/dashboard", Access::AnyCaller, "List dashboards", list::<Dashboard>)
//!         .create("/v2/dashboard", Access::Writer, "Create a dashboard", create::<Dashboard>)
//!         .get(
//!             "/v2/dashboard/{id}",
//!             Access::AnyCaller,
//!             Summary::new("Read a dashboard").or(StatusCode::FORBIDDEN),
//!             find::<Dashboard>,
//!         )
//!         .delete("/v2/dashboard/{id}", Access::Writer, "Delete a dashboard", delete_with_ok::<Dashboard>)
//! }
//! ```
//!
//! CONTRIBUTING.md#an-object-kind lists the other files of an object kind, and CONTRIBUTING.md#where-things-go those of
//! any route.
//!
//! - Every route has an [`Access`](domain::identity::access::Access). The auth guard checks it before the handler runs;
//!   whether the caller may do it to the one object in the path is decided by the operation in `service`.
//! - A `POST` that creates something is declared with `create`, and its operation in `service` begins with
//!   `Audit::begin_creation` and ends with `Audit::commit_creation`, so that a request with an idempotency key can be
//!   repeated.
//! - The handler's signature describes its input and output in the OpenAPI document; shapes of documents are in
//!   `dashboard/schema.rs`. [`Summary::or`](platform::route::Summary::or) adds errors that follow from neither access
//!   nor arguments.
//! - [`Authenticated`](platform::caller::Authenticated) is the caller. A public route has none;
//!   [`Meta`](platform::caller::Meta) is available everywhere.
//! - [`platform::path`] has arguments for variables of the path, [`platform::parameters`] for the query,
//!   [`platform::body`] for JSON bodies, which come last.
//! - `?` turns a `ServiceError` into an [`ApiError`](platform::error::ApiError). Handlers avoid other branches.
//! - The status of a success follows from the return type: [`platform::response`].
//! - Request id, `no-store`, the call log and the time limit need no code.

pub(crate) mod audit;
pub(crate) mod identity;
pub(crate) mod ingest;
pub(crate) mod integrations;
pub(crate) mod objects;
pub mod openapi;
pub(crate) mod platform;
mod routes;
pub(crate) mod tokens;
pub(crate) mod usage;

pub use routes::routes;
