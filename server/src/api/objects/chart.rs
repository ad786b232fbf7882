//! `/v2/chart` (docs/contract.md#charts).

pub(crate) mod schema;

use axum::http::StatusCode;
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{chart, object::Object},
    platform::{
        document::Document,
        id::Id,
        page::{OffsetPage, Page},
    },
};
use service::{ListQuery, Service, ServiceError, Validation};

use self::schema::{Chart, ChartFields, ChartListParameters};
use crate::api::platform::{
    object_body::object_body,
    object_handlers::{
        ObjectKind, Validated, create, delete_with_ok, find, list, update, validate,
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

    async fn list(
        service: &Service,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        service.objects().list_charts(caller, query, page).await
    }

    async fn find(service: &Service, caller: &Caller, id: Id) -> Result<Object, ServiceError> {
        service.objects().find_chart(caller, id).await
    }

    async fn create(
        service: &Service,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        service.objects().create_chart(caller, given).await
    }

    async fn update(
        service: &Service,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        service.objects().update_chart(caller, id, given).await
    }

    async fn delete(service: &Service, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        service.objects().delete_chart(caller, id).await
    }
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
