//! The API under `/v2`, as real clients expect it to the letter.
//!
//! # Adding a noun
//!
//! One file a noun: its routes at the top, then handlers, then the types it speaks. In `dashboard.rs`:
//!
//! ```text
//! /// The routes of dashboards.
//! pub(super) fn routes() -> Routes {
//!     Routes::of("Dashboards", "Charts side by side, with filters over all of them.")
//!         .get("/v2/dashboard", Access::AnyCaller, "List dashboards", list)
//!         .post("/v2/dashboard", Access::Writer, "Create a dashboard", create)
//!         .get(
//!             "/v2/dashboard/{id}",
//!             Access::AnyCaller,
//!             Summary::new("Read a dashboard").or(StatusCode::FORBIDDEN),
//!             find,
//!         )
//!         .delete("/v2/dashboard/{id}", Access::Writer, "Delete a dashboard", delete)
//! }
//!
//! async fn create(
//!     State(service): State<Service>,
//!     By(caller): By,
//!     given: JsonBody<ToCreate<DashboardFields>>,
//! ) -> Result<Json<Shown<Dashboard>>, ApiError> {
//!     Ok(Json(body(&service.objects().create_dashboard(&caller, &given).await?)))
//! }
//! ```
//!
//! and `.and(dashboard::routes())` in [`routes`] below. Then one line a route in the table of `tests/routes.rs`, which
//! fails until it is there, its story in a test of its own, and `docs/openapi.json` refreshed as the test says.
//!
//! - The [`route::Routes`] give every route its [`domain::identity::access::Access`]. Before a handler runs, its caller is known
//!   and may call it; whether they may touch the one object is asked by the act in `service`.
//! - What a handler takes and gives is described by its signature, of which [`openapi`] makes the document: `DashboardFields`
//!   and `Dashboard` are shapes beside the noun, in `dashboard/schema.rs`. A summary adds with `or` the refusals that
//!   neither access nor arguments tell of.
//! - [`gate::By`] is the caller (`&caller` is a `&Caller`). A route that is [`Public`](domain::identity::access::Access::Public)
//!   has none; [`crate::middleware::request_meta::Meta`] are there for all.
//! - [`path::ObjectId`], [`path::ObjectIds`], [`path::Segment`] (a name) and [`path::WordAndId`] read the path;
//!   [`path::Parameters`] reads the query, with `page(default)` for `limit` and `offset`.
//! - [`body::JsonBody`] is an object, [`body::JsonListBody`] a list. It comes last among the arguments. To read a fixed
//!   shape, take its fields from the document, `null` being "not given" (docs/contract.md#json).
//! - `?` turns a `ServiceError` into the [`error::ApiError`] of docs/contract.md#errors; so do
//!   [`domain::platform::rejection::Rejected`] and [`domain::platform::id::InvalidId`]. A handler has no other branch.
//! - Success is exactly the status of docs/contract.md#statuses and stands in the signature: [`answer`] says how.
//! - What every reply carries, the request id, `no-store`, the call's record and the 30 seconds are seen to.

pub(crate) mod audit;
pub(crate) mod identity;
pub(crate) mod ingest;
pub(crate) mod integrations;
pub(crate) mod objects;
pub mod platform;
pub(crate) mod tokens;
pub(crate) mod usage;

use crate::api::audit::events;
use crate::api::identity::member;
use crate::api::identity::organization;
use crate::api::identity::role;
use crate::api::identity::team;
use crate::api::ingest::send;
use crate::api::integrations::integration;
use crate::api::objects::chart;
use crate::api::objects::dashboard;
use crate::api::objects::dashboard_group;
use crate::api::objects::detector;
use crate::api::objects::incident;
use crate::api::tokens::org_token;
use crate::api::tokens::session;
use crate::api::usage::counts;
use platform::route::Routes;

/// All routes of the API.
pub fn routes() -> Routes {
    session::routes()
        .and(dashboard::routes())
        .and(dashboard_group::routes())
        .and(chart::routes())
        .and(detector::routes())
        .and(integration::routes())
        .and(team::routes())
        .and(org_token::routes())
        .and(organization::routes())
        .and(member::routes())
        .and(role::routes())
        .and(incident::routes())
        .and(events::routes())
        .and(send::routes())
        .and(counts::routes())
}
