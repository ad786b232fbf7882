//! `/v2/chart` (docs/contract.md#charts).

pub(crate) mod schema;

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{chart, object::Object},
    platform::document::Document,
};
use service::{Service, ServiceError, Validation};

use self::schema::{ChartBody, ChartFields, ChartListParameters, SloChartFields};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    object_body::object_body,
    object_handlers::{
        ObjectKind, Validated, create, delete_with_ok, find, list, operations, update, validate,
    },
    path::ObjectId,
    response::DocumentBody,
    route::Summary,
    routes::Routes,
};

/// The routes of charts.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Charts",
        "The charts of dashboards: a program and how its results are drawn.",
    )
    .without_secrets()
    .get(
        "/v2/chart",
        Access::AnyCaller,
        "List charts",
        list::<ChartBody>,
    )
    .create(
        "/v2/chart",
        Access::Writer,
        "Create a chart",
        create::<ChartBody>,
    )
    .post(
        "/v2/chart/validate",
        Access::Writer,
        "Validate a chart without creating it",
        validate::<ChartBody>,
    )
    .create(
        "/v2/chart/createSloChart",
        Access::Writer,
        "Create a chart of an SLO",
        create_of_slo,
    )
    .put(
        "/v2/chart/updateSloChart/{id}",
        Access::Writer,
        Summary::new("Make a chart of an SLO one of another SLO").or(StatusCode::CONFLICT),
        update_of_slo,
    )
    .get(
        "/v2/chart/{id}",
        Access::AnyCaller,
        Summary::new("Read a chart").or(StatusCode::FORBIDDEN),
        find::<ChartBody>,
    )
    .put(
        "/v2/chart/{id}",
        Access::Writer,
        "Replace a chart",
        update::<ChartBody>,
    )
    .delete(
        "/v2/chart/{id}",
        Access::Writer,
        "Delete a chart",
        delete_with_ok::<ChartBody>,
    )
}

async fn create_of_slo(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<SloChartFields>,
) -> Result<Json<DocumentBody<ChartBody>>, ApiError> {
    let created = service.objects().create_slo_chart(&caller, &given).await?;
    Ok(Json(ChartBody::body(&created)))
}

async fn update_of_slo(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<SloChartFields>,
) -> Result<Json<DocumentBody<ChartBody>>, ApiError> {
    let objects = service.objects();
    let updated = objects.update_slo_chart(&caller, id, &given).await?;
    Ok(Json(ChartBody::body(&updated)))
}

impl ObjectKind for ChartBody {
    type Fields = ChartFields;
    type ListParameters = ChartListParameters;
    type View = Object;

    fn body(chart: &Object) -> DocumentBody<Self> {
        object_body(chart, chart::defaults(), []).into()
    }

    operations!(objects: list_charts, find_chart, create_chart, update_chart, delete_chart);
}

impl Validated for ChartBody {
    async fn validate(
        service: &Service,
        caller: &Caller,
        given: &Document,
        _: Validation,
    ) -> Result<(), ServiceError> {
        service.objects().validate_chart(caller, given).await
    }
}
