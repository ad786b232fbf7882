//! `/v2/integration` (docs/contract.md#integrations). All callers may list and read integrations; the service decides
//! which secrets they see.

mod schema;

use std::slice;

use axum::{Json, extract::State, response::NoContent};
use domain::{identity::access::Access, integrations::defaults, objects::object::Stamp};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use service::{CheckOutcome, IntegrationView, Service};

use self::schema::{
    Created, Integration, IntegrationListParameters, NameParameters, OutcomeLabel, Updated,
};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    object_body::object_body,
    parameters::Parameters,
    path::ObjectId,
    response::DocumentBody,
    routes::Routes,
    schema::{ToCreate, ToUpdate},
};

/// The routes of integrations.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Integrations",
        "Destinations of notifications and sources of metrics.",
    )
    .get(
        "/v2/integration",
        Access::AnyCaller,
        "List integrations",
        list,
    )
    .create(
        "/v2/integration",
        Access::Administrator,
        "Create an integration",
        create,
    )
    .get(
        "/v2/integration/{id}",
        Access::AnyCaller,
        "Read an integration",
        find,
    )
    .put(
        "/v2/integration/{id}",
        Access::Administrator,
        "Replace an integration",
        update,
    )
    .delete(
        "/v2/integration/{id}",
        Access::Administrator,
        "Delete an integration",
        delete,
    )
    .get(
        "/v2/integration/validate/{id}",
        Access::Administrator,
        "Check whether an integration has its settings and its host answers",
        validate,
    )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<IntegrationListParameters>,
) -> Result<Json<ListBody<DocumentBody<Integration>>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let integrations = service.integrations();
    let mut found = integrations.list(&caller, &query, page).await?;
    integrations.reveal(&caller, &mut found.results).await?;
    Ok(Json(found.map(|view| body(view, &parameters)).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    parameters: Parameters<NameParameters>,
) -> Result<Json<DocumentBody<Integration>>, ApiError> {
    let integrations = service.integrations();
    let mut view = integrations.find(&caller, id).await?;
    integrations
        .reveal(&caller, slice::from_mut(&mut view))
        .await?;
    Ok(Json(body(view, &parameters)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<NameParameters>,
    given: JsonBody<ToCreate<Created>>,
) -> Result<Json<DocumentBody<Integration>>, ApiError> {
    let view = service.integrations().create(&caller, &given).await?;
    Ok(Json(body(view, &parameters)))
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    parameters: Parameters<NameParameters>,
    given: JsonBody<ToUpdate<Updated>>,
) -> Result<Json<DocumentBody<Integration>>, ApiError> {
    let integrations = service.integrations();
    let mut view = integrations.update(&caller, id, &given).await?;
    integrations
        .reveal(&caller, slice::from_mut(&mut view))
        .await?;
    Ok(Json(body(view, &parameters)))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    service.integrations().delete(&caller, id).await?;
    Ok(NoContent)
}

async fn validate(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<ValidationBody>, ApiError> {
    match service.integrations().validate(&caller, id).await? {
        CheckOutcome::Reached => Ok(Json(ValidationBody {
            outcome: "reached",
            message: None,
        })),
        CheckOutcome::NotTried(reason) => Ok(Json(ValidationBody {
            outcome: "notTried",
            message: Some(reason),
        })),
        CheckOutcome::Failed(reason) => Err(ApiError::bad_request(reason)),
    }
}

/// The outcome of a validation that found nothing wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IntegrationValidation", deny_unknown_fields)]
struct ValidationBody {
    #[schemars(with = "OutcomeLabel")]
    outcome: &'static str,
    /// Why no connection was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    message: Option<String>,
}

/// Returns the body of a response. The names of creator and updater are included if `userParam` asks for them.
fn body<P>(view: IntegrationView, parameters: &Parameters<P>) -> DocumentBody<Integration> {
    let integration = view.integration;
    let name = |asked: &str, stamp: &Stamp| {
        let asks = parameters.all("userParam").any(|given| given == asked);
        Some(json!(stamp.by.actor_name))
            .filter(|_| asks)
            .unwrap_or(Value::Null)
    };
    let names = [
        ("createdByName", name("creator", &integration.created)),
        (
            "lastUpdatedByName",
            name("lastUpdatedBy", &integration.updated),
        ),
    ];
    let defaults = defaults(&integration.document);
    object_body(&integration, defaults, names).into()
}
