//! `…/export` and `…/import` of dashboards and dashboard groups (docs/contract.md#packages).

mod schema;

use axum::{Json, extract::State, http::StatusCode};
use domain::{identity::access::Access, platform::id::Id};
use service::Service;

use self::schema::{DashboardPackage, GroupPackage, ImportParameters};
use crate::api::{
    objects::{dashboard::schema::DashboardBody, dashboard_group::schema::GroupBody},
    platform::{
        body::JsonBody,
        caller::Authenticated,
        error::ApiError,
        object_handlers::ObjectKind,
        package_body::{dashboard_package, group_package},
        parameters::Parameters,
        path::ObjectId,
        response::DocumentBody,
        route::Summary,
        routes::Routes,
    },
};

/// The routes of packages.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Packages",
        "A dashboard or a dashboard group with everything in it as one document, to publish it or to move it to another \
         organization.",
    )
    .without_secrets()
    .get(
        "/v2/dashboard/{id}/export",
        Access::AnyCaller,
        Summary::new("Export a dashboard with its charts").or(StatusCode::FORBIDDEN),
        export_dashboard,
    )
    .create(
        "/v2/dashboard/import",
        Access::Writer,
        "Create a dashboard with its charts from an exported document",
        import_dashboard,
    )
    .get(
        "/v2/dashboardgroup/{id}/export",
        Access::AnyCaller,
        Summary::new("Export a dashboard group with its dashboards and charts").or(StatusCode::FORBIDDEN),
        export_group,
    )
    .create(
        "/v2/dashboardgroup/import",
        Access::Writer,
        "Create a dashboard group with its dashboards and charts from an exported document",
        import_group,
    )
}

async fn export_dashboard(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<DashboardPackage>>, ApiError> {
    let (dashboard, charts) = service
        .objects()
        .find_dashboard_content(&caller, id)
        .await?;
    Ok(Json(dashboard_package(&dashboard, &charts).into()))
}

async fn import_dashboard(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<ImportParameters>,
    given: JsonBody<DashboardPackage>,
) -> Result<Json<DocumentBody<DashboardBody>>, ApiError> {
    let group_id = parameters.find("groupId").map(Id::parse).transpose()?;
    let imported = service
        .objects()
        .import_dashboard(&caller, group_id, &given)
        .await?;
    Ok(Json(DashboardBody::body(&imported)))
}

async fn export_group(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<GroupPackage>>, ApiError> {
    let content = service.objects().find_group_content(&caller, id).await?;
    Ok(Json(group_package(&content).into()))
}

async fn import_group(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<GroupPackage>,
) -> Result<Json<DocumentBody<GroupBody>>, ApiError> {
    let imported = service.objects().import_group(&caller, &given).await?;
    Ok(Json(GroupBody::body(&imported)))
}
