//! `/v2/chart` (docs/contract.md#charts).

pub(crate) mod schema;

use axum::{Json, extract::State, http::StatusCode, response::NoContent};
use domain::{
    identity::access::Access,
    objects::{chart, object::Object},
};
use service::Service;

use self::schema::{Chart, ChartFields, ChartListParameters};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    object_body::object_body,
    parameters::Parameters,
    path::ObjectId,
    response::{DocumentBody, EmptyOk},
    route::Summary,
    routes::Routes,
    schema::{ToCreate, ToUpdate},
};

/// The routes of charts.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Charts",
        "What a dashboard shows: a program and how to draw what it computes.",
    )
    .get("/v2/chart", Access::AnyCaller, "List charts", list)
    .post("/v2/chart", Access::Writer, "Create a chart", create)
    .post(
        "/v2/chart/validate",
        Access::Writer,
        "Judge a chart without making it",
        validate,
    )
    .get(
        "/v2/chart/{id}",
        Access::AnyCaller,
        Summary::new("Read a chart").or(StatusCode::FORBIDDEN),
        find,
    )
    .put("/v2/chart/{id}", Access::Writer, "Replace a chart", update)
    .delete("/v2/chart/{id}", Access::Writer, "Delete a chart", delete)
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<ChartListParameters>,
) -> Result<Json<ListBody<DocumentBody<Chart>>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service.objects().list_charts(&caller, &query, page).await?;
    Ok(Json(found.map(|chart| body(&chart)).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<Chart>>, ApiError> {
    let chart = service.objects().find_chart(&caller, id).await?;
    Ok(Json(body(&chart)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<ChartFields>>,
) -> Result<Json<DocumentBody<Chart>>, ApiError> {
    let chart = service.objects().create_chart(&caller, &given).await?;
    Ok(Json(body(&chart)))
}

async fn validate(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<ChartFields>>,
) -> Result<NoContent, ApiError> {
    service.objects().validate_chart(&caller, &given).await?;
    Ok(NoContent)
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<ToUpdate<ChartFields>>,
) -> Result<Json<DocumentBody<Chart>>, ApiError> {
    let chart = service.objects().update_chart(&caller, id, &given).await?;
    Ok(Json(body(&chart)))
}

/// 200 with nothing in it: the Go client takes no other status (docs/contract.md#statuses).
async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<EmptyOk, ApiError> {
    service.objects().delete_chart(&caller, id).await?;
    Ok(EmptyOk)
}

/// A chart as the API shows it.
pub(crate) fn body(chart: &Object) -> DocumentBody<Chart> {
    object_body(chart, chart::defaults(), []).into()
}
