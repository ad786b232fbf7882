//! `/v2/chart` (docs/contract.md#charts).

pub(crate) mod schema;

use axum::http::StatusCode;
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{chart, object::Object},
    platform::document::Document,
};
use service::{Service, ServiceError, Validation};

use self::schema::{ChartBody, ChartFields, ChartListParameters};
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
