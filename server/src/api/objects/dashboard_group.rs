//! `/v2/dashboardgroup` (docs/contract.md#dashboard-groups).

mod schema;

use axum::{Json, extract::State, http::StatusCode, response::NoContent};
use domain::{
    identity::access::Access,
    objects::{
        dashboard_group::{configs, defaults},
        object::Object,
    },
    platform::{id::Id, page::Page},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use service::{Service, Validation};

use self::schema::{Copy, CreateParameters, Group, GroupFields, GroupListParameters};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    object_body::object_body,
    parameters::Parameters,
    path::ObjectId,
    response::DocumentBody,
    route::Summary,
    routes::Routes,
    schema::{IdText, ToCreate, ToUpdate, ValidationParameters},
};

/// The routes of dashboard groups.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Dashboard groups",
        "Dashboards that belong together, and who may read and write them.",
    )
    .get(
        "/v2/dashboardgroup",
        Access::AnyCaller,
        "List dashboard groups",
        list,
    )
    .post(
        "/v2/dashboardgroup",
        Access::Writer,
        "Create a dashboard group",
        create,
    )
    .post(
        "/v2/dashboardgroup/validate",
        Access::Writer,
        "Judge a dashboard group without making it",
        validate,
    )
    .get(
        "/v2/dashboardgroup/{id}",
        Access::AnyCaller,
        Summary::new("Read a dashboard group").or(StatusCode::FORBIDDEN),
        find,
    )
    .put(
        "/v2/dashboardgroup/{id}",
        Access::Writer,
        "Replace a dashboard group",
        update,
    )
    .delete(
        "/v2/dashboardgroup/{id}",
        Access::Writer,
        "Delete a dashboard group",
        delete,
    )
    .post(
        "/v2/dashboardgroup/{id}/dashboard",
        Access::Writer,
        "Copy a dashboard and its charts into a group",
        clone_dashboard,
    )
}

/// `excludeCustom=true` asks for what the product ships, and we ship none.
async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<GroupListParameters>,
) -> Result<Json<ListBody<DocumentBody<Group>>>, ApiError> {
    let query = list_query(&parameters)?;
    let found = if parameters.is_true("excludeCustom") {
        Page {
            count: 0,
            results: Vec::new(),
        }
    } else {
        let page = parameters.page(DEFAULT_LIMIT);
        service
            .objects()
            .list_dashboard_groups(&caller, &query, page)
            .await?
    };
    Ok(Json(found.map(|group| body(&group)).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<Group>>, ApiError> {
    let group = service.objects().find_dashboard_group(&caller, id).await?;
    Ok(Json(body(&group)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<CreateParameters>,
    given: JsonBody<ToCreate<GroupFields>>,
) -> Result<Json<DocumentBody<Group>>, ApiError> {
    let empty = parameters.is_true("empty");
    let group = service
        .objects()
        .create_dashboard_group(&caller, &given, empty)
        .await?;
    Ok(Json(body(&group)))
}

async fn validate(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<ValidationParameters>,
    given: JsonBody<ToCreate<GroupFields>>,
) -> Result<NoContent, ApiError> {
    let validation = Validation::parse(parameters.find("validationMode"))?;
    service
        .objects()
        .validate_dashboard_group(&caller, &given, validation)
        .await?;
    Ok(NoContent)
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<ToUpdate<GroupFields>>,
) -> Result<Json<DocumentBody<Group>>, ApiError> {
    let group = service
        .objects()
        .update_dashboard_group(&caller, id, &given)
        .await?;
    Ok(Json(body(&group)))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    service
        .objects()
        .delete_dashboard_group(&caller, id)
        .await?;
    Ok(NoContent)
}

async fn clone_dashboard(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(group_id): ObjectId,
    given: JsonBody<Copy>,
) -> Result<Json<ClonedBody>, ApiError> {
    let copy = service
        .objects()
        .clone_dashboard(&caller, group_id, &given)
        .await?;
    Ok(Json(ClonedBody { id: copy.id }))
}

/// The copy that was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CopiedDashboard", deny_unknown_fields)]
struct ClonedBody {
    #[schemars(with = "IdText")]
    id: Id,
}

/// A dashboard group as the API shows it.
fn body(group: &Object) -> DocumentBody<Group> {
    let dashboards: Vec<Id> = configs(&group.document)
        .into_iter()
        .map(|config| config.dashboard_id)
        .collect();
    let managed = [("dashboards", json!(dashboards))];
    object_body(group, defaults(), managed).into()
}
