//! `/v2/dashboard` (docs/contract.md#dashboards).

mod schema;

use axum::{Json, extract::State, http::StatusCode, response::NoContent};
use domain::{
    identity::access::Access,
    objects::{dashboard, object::Object},
    platform::{document::Document, id::Id},
};
use serde_json::{Value, json};
use service::{Service, Validation};

use self::schema::{
    Dashboard, DashboardFields, DashboardListParameters, SimpleChart, SimpleDashboard,
    SimpleParameters,
};
use crate::api::{
    objects::chart,
    platform::{
        body::{JsonBody, JsonListBody},
        caller::Authenticated,
        error::ApiError,
        list::{DEFAULT_LIMIT, ListBody, list_query},
        object_body::object_body,
        parameters::Parameters,
        path::ObjectId,
        response::{DocumentBody, EmptyOk},
        route::Summary,
        routes::Routes,
        schema::{ToCreate, ToUpdate, ValidationParameters},
    },
};

/// The routes of dashboards.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Dashboards",
        "Charts side by side, with filters over all of them.",
    )
    .get("/v2/dashboard", Access::AnyCaller, "List dashboards", list)
    .post(
        "/v2/dashboard",
        Access::Writer,
        "Create a dashboard",
        create,
    )
    .post(
        "/v2/dashboard/simple",
        Access::Writer,
        "Create a dashboard of charts, three in each row",
        create_simple,
    )
    .post(
        "/v2/dashboard/validate",
        Access::Writer,
        "Judge a dashboard without making it",
        validate,
    )
    .get(
        "/v2/dashboard/{id}",
        Access::AnyCaller,
        Summary::new("Read a dashboard").or(StatusCode::FORBIDDEN),
        find,
    )
    .put(
        "/v2/dashboard/{id}",
        Access::Writer,
        "Replace a dashboard",
        update,
    )
    .delete(
        "/v2/dashboard/{id}",
        Access::Writer,
        "Delete a dashboard",
        delete,
    )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<DashboardListParameters>,
) -> Result<Json<ListBody<DocumentBody<Dashboard>>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service
        .objects()
        .list_dashboards(&caller, &query, page)
        .await?;
    Ok(Json(found.map(|dashboard| body(&dashboard)).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<Dashboard>>, ApiError> {
    let dashboard = service.objects().find_dashboard(&caller, id).await?;
    Ok(Json(body(&dashboard)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<DashboardFields>>,
) -> Result<Json<DocumentBody<Dashboard>>, ApiError> {
    let dashboard = service.objects().create_dashboard(&caller, &given).await?;
    Ok(Json(body(&dashboard)))
}

/// Answers with the charts themselves in place of their positions.
async fn create_simple(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<SimpleParameters>,
    items: JsonListBody<SimpleChart>,
) -> Result<Json<DocumentBody<SimpleDashboard>>, ApiError> {
    let group_id = parameters.find("groupId").map(Id::parse).transpose()?;
    let name = parameters.find("name");
    let (dashboard, charts) = service
        .objects()
        .create_simple_dashboard(&caller, name, group_id, &items)
        .await?;
    let mut body = document(&dashboard);
    let charts: Vec<_> = charts.iter().map(chart::body).collect();
    body.insert("charts".to_owned(), json!(charts));
    Ok(Json(body.into()))
}

async fn validate(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<ValidationParameters>,
    given: JsonBody<ToCreate<DashboardFields>>,
) -> Result<NoContent, ApiError> {
    let validation = Validation::parse(parameters.find("validationMode"))?;
    service
        .objects()
        .validate_dashboard(&caller, &given, validation)
        .await?;
    Ok(NoContent)
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<ToUpdate<DashboardFields>>,
) -> Result<Json<DocumentBody<Dashboard>>, ApiError> {
    let dashboard = service
        .objects()
        .update_dashboard(&caller, id, &given)
        .await?;
    Ok(Json(body(&dashboard)))
}

/// 200 with nothing in it: the Go client takes no other status (docs/contract.md#statuses).
async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<EmptyOk, ApiError> {
    service.objects().delete_dashboard(&caller, id).await?;
    Ok(EmptyOk)
}

/// A dashboard as the API shows it.
fn body(dashboard: &Object) -> DocumentBody<Dashboard> {
    document(dashboard).into()
}

fn document(dashboard: &Object) -> Document {
    let managed = [
        ("groupId", json!(dashboard.parent_id)),
        ("customProperties", Value::Null),
        ("locked", json!(false)),
    ];
    object_body(dashboard, dashboard::defaults(), managed)
}
