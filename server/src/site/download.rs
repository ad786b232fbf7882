//! The record as a download: as much as there is, in pieces, as fast as whoever takes it reads.

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

/// Answers with what an address of the trail asks for, in the format it names.
pub(crate) async fn export(
    service: &Service,
    caller: Option<Caller>,
    uri: &Uri,
) -> Result<Response, ApiError> {
    let caller = caller.ok_or_else(|| {
        ApiError::new(StatusCode::UNAUTHORIZED, "Sign in to take the record away.")
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
    Ok(answer(
        export,
        what,
        format,
        &service.now().to_date_of_file(),
    ))
}

fn answer(export: Export, what: EntryKind, format: ExportFormat, date: &str) -> Response {
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next_piece().await.inspect_err(|error| {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "An export of the record broke off."
            );
        })?;
        Ok::<_, ServiceError>(piece.map(|piece| (piece, export)))
    });
    let name = format!("countersign-{}-{date}.{}", what.label(), format.label());
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}
