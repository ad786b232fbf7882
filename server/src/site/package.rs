//! Downloads a dashboard or a dashboard group as one document (docs/contract.md#packages).

use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::Response,
};
use domain::{
    identity::actor::Caller,
    objects::package::PackageType,
    platform::{document::Document, id::Id},
};
use service::Service;

use crate::api::platform::{
    error::ApiError,
    package_body::{dashboard_package, group_package},
    response::JSON,
};

/// Returns the package of a dashboard or a dashboard group.
pub(super) async fn package(
    service: &Service,
    caller: Option<Caller>,
    kind: PackageType,
    id: &str,
) -> Result<Response, ApiError> {
    let caller =
        caller.ok_or_else(|| ApiError::new(StatusCode::UNAUTHORIZED, "Sign in to export."))?;
    let id = Id::parse(id)?;
    let objects = service.objects();
    match kind {
        PackageType::Dashboard => {
            let (dashboard, charts) = objects.find_dashboard_content(&caller, id).await?;
            download(
                &dashboard_package(&dashboard, &charts),
                &format!("dashboard-{id}"),
            )
        }
        PackageType::Group => {
            let content = objects.find_group_content(&caller, id).await?;
            download(&group_package(&content), &format!("dashboard-group-{id}"))
        }
    }
}

fn download(package: &Document, name: &str) -> Result<Response, ApiError> {
    let text = serde_json::to_string_pretty(package).map_err(|_| ApiError::internal())?;
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.json\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
