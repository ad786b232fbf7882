//! `/v2/dashboard` (docs/contract.md#dashboards).

pub(crate) mod schema;

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{dashboard, object::Object},
    platform::{document::Document, id::Id},
};
use serde_json::{Value, json};
use service::{Service, ServiceError, Validation};

use self::schema::{
    DashboardBody, DashboardFields, DashboardListParameters, SimpleChart, SimpleDashboard,
    SimpleParameters,
};
use crate::api::{
    objects::chart::schema::ChartBody,
    platform::{
        body::JsonListBody,
        caller::Authenticated,
        error::ApiError,
        object_body::object_body,
        object_handlers::{
            ObjectKind, Validated, create, delete_with_ok, find, list, operations, update,
            validate_in_mode,
        },
        parameters::Parameters,
        response::DocumentBody,
        route::Summary,
        routes::Routes,
    },
};

/// The routes of dashboards.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Dashboards",
        "Charts on a page, with filters for all of them.",
    )
    .without_secrets()
    .get(
        "/v2/dashboard",
        Access::AnyCaller,
        "List dashboards",
        list::<DashboardBody>,
    )
    .create(
        "/v2/dashboard",
        Access::Writer,
        "Create a dashboard",
        create::<DashboardBody>,
    )
    .create(
        "/v2/dashboard/simple",
        Access::Writer,
        "Create a dashboard from charts, three in each row",
        create_simple,
    )
    .post(
        "/v2/dashboard/validate",
        Access::Writer,
        "Validate a dashboard without creating it",
        validate_in_mode::<DashboardBody>,
    )
    .get(
        "/v2/dashboard/{id}",
        Access::AnyCaller,
        Summary::new("Read a dashboard").or(StatusCode::FORBIDDEN),
        find::<DashboardBody>,
    )
    .put(
        "/v2/dashboard/{id}",
        Access::Writer,
        "Replace a dashboard",
        update::<DashboardBody>,
    )
    .delete(
        "/v2/dashboard/{id}",
        Access::Writer,
        "Delete a dashboard",
        delete_with_ok::<DashboardBody>,
    )
}

/// The response contains the charts themselves beside their positions, so that it is accepted when it is sent back.
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
    let with_position = |chart: &Object| {
        let mut body = ChartBody::body(chart).into_document();
        body.extend(dashboard::position_of(&dashboard.document, chart.id));
        body
    };
    let charts: Vec<_> = charts.iter().map(with_position).collect();
    body.insert("charts".to_owned(), json!(charts));
    Ok(Json(body.into()))
}

impl ObjectKind for DashboardBody {
    type Fields = DashboardFields;
    type ListParameters = DashboardListParameters;
    type View = Object;

    fn body(dashboard: &Object) -> DocumentBody<Self> {
        document(dashboard).into()
    }

    operations!(objects: list_dashboards, find_dashboard, create_dashboard, update_dashboard, delete_dashboard);
}

impl Validated for DashboardBody {
    async fn validate(
        service: &Service,
        caller: &Caller,
        given: &Document,
        mode: Validation,
    ) -> Result<(), ServiceError> {
        service
            .objects()
            .validate_dashboard(caller, given, mode)
            .await
    }
}

fn document(dashboard: &Object) -> Document {
    let managed = [
        ("groupId", json!(dashboard.parent_id)),
        ("customProperties", Value::Null),
        ("locked", json!(false)),
    ];
    object_body(dashboard, dashboard::defaults(), managed)
}
