//! `/v2/chart` (docs/contract.md#charts).

pub(crate) mod schema;

use axum::http::StatusCode;
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{chart, object::Object},
    platform::document::Document,
};
use service::{Service, ServiceError, Validation};

use self::schema::{Chart, ChartFields, ChartListParameters};
use crate::api::platform::{
    object_body::object_body,
    object_handlers::{
        ObjectKind, Validated, create, delete_with_ok, find, list, operations, update, validate,
    },
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
    .get("/v2/chart", Access::AnyCaller, "List charts", list::<Chart>)
    .post(
        "/v2/chart",
        Access::Writer,
        "Create a chart",
        create::<Chart>,
    )
    .post(
        "/v2/chart/validate",
        Access::Writer,
        "Validate a chart without creating it",
        validate::<Chart>,
    )
    .get(
        "/v2/chart/{id}",
        Access::AnyCaller,
        Summary::new("Read a chart").or(StatusCode::FORBIDDEN),
        find::<Chart>,
    )
    .put(
        "/v2/chart/{id}",
        Access::Writer,
        "Replace a chart",
        update::<Chart>,
    )
    .delete(
        "/v2/chart/{id}",
        Access::Writer,
        "Delete a chart",
        delete_with_ok::<Chart>,
    )
}

impl ObjectKind for Chart {
    type Fields = ChartFields;
    type ListParameters = ChartListParameters;
    type View = Object;

    fn body(chart: &Object) -> DocumentBody<Self> {
        object_body(chart, chart::defaults(), []).into()
    }

    operations!(objects: list_charts, find_chart, create_chart, update_chart, delete_chart);
}

impl Validated for Chart {
    async fn validate(
        service: &Service,
        caller: &Caller,
        given: &Document,
        _: Validation,
    ) -> Result<(), ServiceError> {
        service.objects().validate_chart(caller, given).await
    }
}
