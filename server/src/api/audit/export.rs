//! `/v2/audit/export` (ours): a whole log as lines of JSON, for programs that continue where they stopped
//! (docs/contract.md#export-of-the-logs).

use axum::extract::State;
use domain::{
    audit::query::{AuditFilter, EntryKind},
    platform::rejection::Rejected,
};
use futures::stream;
use service::{ErrorChain, LogCursor, LogStream, Service, ServiceError};

use super::schema::{ExportParameters, LogLine};
use crate::api::platform::{
    caller::Authenticated, error::ApiError, parameters::Parameters, response::LinesBody,
};

/// The filters: the name here, and in [`AuditFilter::parse`].
const FILTERS: [(&str, &str); 10] = [
    ("startTime", "from"),
    ("endTime", "to"),
    ("sf_actorId", "person"),
    ("sf_tokenId", "token"),
    ("sf_resourceType", "kind"),
    ("sf_resourceId", "object"),
    ("sf_clientIp", "address"),
    ("action", "action"),
    ("outcome", "outcome"),
    ("requestId", "request"),
];

/// Parameters that are not filters.
const NOT_FILTERS: [&str; 2] = ["kind", "cursor"];

/// Filters on objects, which calls do not have.
const OF_EVENTS: [&str; 3] = ["sf_resourceType", "sf_resourceId", "action"];

pub(super) async fn export_log(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<ExportParameters>,
) -> Result<LinesBody<LogLine>, ApiError> {
    let (log, filter, cursor) = read(&parameters)?;
    let stream = service
        .audit()
        .stream_log(&caller, log, &filter, cursor)
        .await?;
    Ok(LinesBody::new(stream::try_unfold(stream, next)))
}

/// The log, the filter and the cursor of a request. An unknown parameter is rejected, because without the filter that
/// it was meant to be the export would have more than was asked for.
fn read(
    parameters: &Parameters<ExportParameters>,
) -> Result<(EntryKind, AuditFilter, LogCursor), ApiError> {
    let log = match parameters.find("kind") {
        None | Some("events") => EntryKind::Events,
        Some("calls") => EntryKind::Calls,
        Some(_) => return Err(ApiError::bad_request("kind is events or calls.")),
    };
    for (name, value) in parameters.given() {
        if NOT_FILTERS.contains(&name.as_str()) {
            continue;
        }
        if !FILTERS.iter().any(|(filter, _)| filter == name) {
            return Err(ApiError::bad_request(format!(
                "There is no parameter {name}."
            )));
        }
        if log == EntryKind::Calls && !value.is_empty() && OF_EVENTS.contains(&name.as_str()) {
            return Err(ApiError::bad_request(format!("Calls have no {name}.")));
        }
    }
    let filter = AuditFilter::parse(|name| {
        let (given, _) = FILTERS.iter().find(|(_, filter)| *filter == name)?;
        parameters.find(given)
    });
    let cursor = match parameters.find("cursor") {
        Some(text) => LogCursor::parse(log, text).map_err(with_name)?,
        None => LogCursor::start(log),
    };
    Ok((log, filter.map_err(with_name)?, cursor))
}

/// The rejection with the name of its parameter in this route.
fn with_name(rejected: Rejected) -> ApiError {
    let named = FILTERS.iter().find(|(_, filter)| *filter == rejected.field);
    let name = named.map_or(&*rejected.field, |(name, _)| name);
    ApiError::bad_request(format!("{name}: {}", rejected.message))
}

async fn next(mut stream: LogStream) -> Result<Option<(Vec<u8>, LogStream)>, ServiceError> {
    let chunk = stream.next_chunk().await.inspect_err(|error| {
        if let ServiceError::Denied(why) = error {
            tracing::info!(why, "An export of a log was ended.");
        } else {
            tracing::warn!(error = %ErrorChain(error), "An export of a log ended early.");
        }
    })?;
    Ok(chunk.map(|chunk| (chunk, stream)))
}
