//! Downloads the audit log in pieces, at the speed at which the client reads.

use axum::{
    body::Body,
    extract::Query,
    http::{
        HeaderValue, StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::Response,
};
use domain::{
    audit::query::{AuditFilter, EntryKind},
    identity::actor::Caller,
};
use futures::stream;
use service::{Export, ExportFormat, Service, ServiceError};

use crate::api::platform::error::ApiError;

/// Returns the events or calls that the query selects, in the format that it names.
pub(super) async fn export(
    service: &Service,
    caller: Option<Caller>,
    uri: &Uri,
) -> Result<Response, ApiError> {
    let caller = caller.ok_or_else(|| {
        ApiError::new(StatusCode::UNAUTHORIZED, "Sign in to export the audit log.")
    })?;
    let Query(mut given) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| ApiError::bad_request("The query cannot be read."))?;
    service.audit().resolve_person(&mut given).await?;
    let find = |name: &str| {
        let pair = given.iter().find(|(given, _)| given == name);
        pair.map(|(_, value)| value.as_str())
    };
    let what = find("what")
        .and_then(EntryKind::from_label)
        .unwrap_or_default();
    let format = ExportFormat::parse(find("format").unwrap_or("ndjson"))?;
    let filter = AuditFilter::parse(find)?;
    let export = service
        .audit()
        .export(&caller, what, &filter, format)
        .await?;
    let date = service.now().to_date_of_file();
    let name = format!("countersign-{}-{date}.{}", what.label(), format.label());
    Ok(download(export, &name, format))
}

fn download(export: Export, name: &str, format: ExportFormat) -> Response {
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next_chunk().await.inspect_err(|error| {
            if let ServiceError::Denied(why) = error {
                tracing::info!(why, "An export of the audit log was ended.");
            } else {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "An export of the audit log ended early."
                );
            }
        })?;
        Ok::<_, ServiceError>(piece.map(|piece| (piece, export)))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}
