//! `/v2/detector` (docs/contract.md#detectors). Detectors are stored and not run, so they have no events and
//! no incidents.

mod schema;

use axum::{Json, extract::State, response::NoContent};
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{detector::defaults, object::Object},
    platform::{document::Document, id::Id},
};
use serde_json::{Value, json};
use service::{Service, ServiceError, Validation};

use self::schema::{DetectorBody, DetectorFields, DetectorListParameters};
use crate::api::platform::{
    body::JsonListBody,
    caller::Authenticated,
    error::ApiError,
    object_body::object_body,
    object_handlers::{
        ObjectKind, Validated, create, delete, find, list, operations, update, validate,
    },
    path::ObjectId,
    response::DocumentBody,
    routes::Routes,
};

/// The routes of detectors.
pub(crate) fn routes() -> Routes {
    let (any, writer) = (Access::AnyCaller, Access::Writer);
    let (all, one) = ("/v2/detector", "/v2/detector/{id}");
    let routes = Routes::of(
        "Detectors",
        "Programs with rules that say who is notified of what they detect.",
    );
    let routes = routes
        .get(all, any, "List detectors", list::<DetectorBody>)
        .create(all, writer, "Create a detector", create::<DetectorBody>)
        .post(
            "/v2/detector/validate",
            writer,
            "Validate a detector without creating it",
            validate::<DetectorBody>,
        )
        .get(one, any, "Read a detector", find::<DetectorBody>)
        .put(one, writer, "Replace a detector", update::<DetectorBody>)
        .delete(one, writer, "Delete a detector", delete::<DetectorBody>);
    results(rules(routes))
}

fn rules(routes: Routes) -> Routes {
    routes
        .put(
            "/v2/detector/{id}/enable",
            Access::Writer,
            "Enable the rules with these labels",
            enable,
        )
        .put(
            "/v2/detector/{id}/disable",
            Access::Writer,
            "Disable the rules with these labels",
            disable,
        )
}

fn results(routes: Routes) -> Routes {
    routes
        .get(
            "/v2/detector/{id}/events",
            Access::AnyCaller,
            "List events of a detector (always empty)",
            list_nothing,
        )
        .get(
            "/v2/detector/{id}/incidents",
            Access::AnyCaller,
            "List incidents of a detector (always empty)",
            list_nothing,
        )
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
    let labels = labels.ok_or_else(|| ApiError::bad_request("A label is not a string."))?;
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

impl ObjectKind for DetectorBody {
    type Fields = DetectorFields;
    type ListParameters = DetectorListParameters;
    type View = Object;

    fn body(detector: &Object) -> DocumentBody<Self> {
        let managed = [
            ("labelResolutions", json!({})),
            ("overMTSLimit", json!(false)),
            ("status", json!("ACTIVE")),
            ("locked", json!(false)),
        ];
        object_body(detector, defaults(), managed).into()
    }

    fn with_notifications(detector: &Object) -> Option<&Object> {
        Some(detector)
    }

    operations!(objects: list_detectors, find_detector, create_detector, update_detector, delete_detector);
}

impl Validated for DetectorBody {
    async fn validate(
        service: &Service,
        caller: &Caller,
        given: &Document,
        _: Validation,
    ) -> Result<(), ServiceError> {
        service.objects().validate_detector(caller, given).await
    }
}
