//! `/v2/detector` (docs/contract.md#detectors). There is no analytics engine here: detectors have no events and no
//! incidents.

mod schema;

use axum::{Json, extract::State, response::NoContent};
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{detector::defaults, object::Object},
    platform::id::Id,
};
use serde_json::{Value, json};
use service::Service;

use self::schema::{Detector, DetectorFields, DetectorListParameters};
use crate::api::platform::{
    body::{JsonBody, JsonListBody},
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

/// The routes of detectors.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Detectors",
        "Programs with rules that say whom to tell of what they find.",
    )
    .get("/v2/detector", Access::AnyCaller, "List detectors", list)
    .post("/v2/detector", Access::Writer, "Create a detector", create)
    .post(
        "/v2/detector/validate",
        Access::Writer,
        "Judge a detector without making it",
        validate,
    )
    .get(
        "/v2/detector/{id}",
        Access::AnyCaller,
        "Read a detector",
        find,
    )
    .put(
        "/v2/detector/{id}",
        Access::Writer,
        "Replace a detector",
        update,
    )
    .delete(
        "/v2/detector/{id}",
        Access::Writer,
        "Delete a detector",
        delete,
    )
    .put(
        "/v2/detector/{id}/enable",
        Access::Writer,
        "Enable the rules of these labels",
        enable,
    )
    .put(
        "/v2/detector/{id}/disable",
        Access::Writer,
        "Disable the rules of these labels",
        disable,
    )
    .get(
        "/v2/detector/{id}/events",
        Access::AnyCaller,
        "List events of a detector, of which there are none",
        list_nothing,
    )
    .get(
        "/v2/detector/{id}/incidents",
        Access::AnyCaller,
        "List incidents of a detector, of which there are none",
        list_nothing,
    )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<DetectorListParameters>,
) -> Result<Json<ListBody<DocumentBody<Detector>>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service
        .objects()
        .list_detectors(&caller, &query, page)
        .await?;
    Ok(Json(found.map(|detector| body(&detector)).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<Detector>>, ApiError> {
    let detector = service.objects().find_detector(&caller, id).await?;
    Ok(Json(body(&detector)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<DetectorFields>>,
) -> Result<Json<DocumentBody<Detector>>, ApiError> {
    let detector = service.objects().create_detector(&caller, &given).await?;
    Ok(Json(body(&detector)))
}

async fn validate(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<DetectorFields>>,
) -> Result<NoContent, ApiError> {
    service.objects().validate_detector(&caller, &given).await?;
    Ok(NoContent)
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<ToUpdate<DetectorFields>>,
) -> Result<Json<DocumentBody<Detector>>, ApiError> {
    let detector = service
        .objects()
        .update_detector(&caller, id, &given)
        .await?;
    Ok(Json(body(&detector)))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    service.objects().delete_detector(&caller, id).await?;
    Ok(NoContent)
}

async fn enable(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    labels: JsonListBody<String>,
) -> Result<NoContent, ApiError> {
    set_disabled(&service, &caller, id, &labels, false).await
}

async fn disable(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    labels: JsonListBody<String>,
) -> Result<NoContent, ApiError> {
    set_disabled(&service, &caller, id, &labels, true).await
}

async fn set_disabled(
    service: &Service,
    caller: &Caller,
    id: Id,
    labels: &[Value],
    disabled: bool,
) -> Result<NoContent, ApiError> {
    let labels: Option<Vec<String>> = labels
        .iter()
        .map(|label| label.as_str().map(str::to_owned))
        .collect();
    let labels = labels.ok_or_else(|| ApiError::bad_request("A label is not a text."))?;
    service
        .objects()
        .set_rules_disabled(caller, id, &labels, disabled)
        .await?;
    Ok(NoContent)
}

async fn list_nothing(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<[(); 0]>, ApiError> {
    service.objects().find_detector(&caller, id).await?;
    Ok(Json([]))
}

/// A detector as the API shows it.
fn body(detector: &Object) -> DocumentBody<Detector> {
    let managed = [
        ("labelResolutions", json!({})),
        ("overMTSLimit", json!(false)),
        ("status", json!("ACTIVE")),
        ("locked", json!(false)),
    ];
    object_body(detector, defaults(), managed).into()
}
