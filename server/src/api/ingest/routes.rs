//! The ingest routes, and those that show what was received.
//!
//! Every request becomes one parcel, is written to disk, and is then acknowledged.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
};
use domain::identity::{access::Access, actor::Caller};
use schemars::JsonSchema;
use serde::Serialize;
use service::{Parcel, Service};

use super::{
    body::{DataRequest, read},
    datapoint::parse_datapoints,
    event::parse_events,
    otlp::{parse_otlp_metrics, parse_otlp_spans},
    parsed::Parser,
    recent,
    response::{EmptyMessage, IngestError},
    schema::{DatapointLists, EventShape, JsonForm, OkText, OtlpForm, SignalFxForms, SpanShape},
    span::parse_spans,
};
use crate::api::platform::{
    caller::Authenticated, error::ApiError, response::SerializedBody, route::Summary,
    routes::Routes,
};

/// The routes of ingest.
pub(crate) fn routes() -> Routes {
    let (quota, not_configured) = (StatusCode::TOO_MANY_REQUESTS, StatusCode::NOT_FOUND);
    let send = |line| Summary::new(line).or(not_configured);
    Routes::of(
        "Ingest",
        "Datapoints, events and spans: sending them, and checking that they are received.",
    )
    .post(
        "/v2/datapoint",
        Access::Ingest,
        send("Send datapoints").or(quota),
        datapoints,
    )
    .post(
        "/v2/datapoint/otlp",
        Access::Ingest,
        send("Send datapoints as OTLP").or(quota),
        otlp_metrics,
    )
    .post("/v2/event", Access::Ingest, send("Send events"), events)
    .post("/v2/trace", Access::Ingest, send("Send spans"), spans)
    .post(
        "/v2/trace/signalfxv1",
        Access::Ingest,
        send("Send spans, at the path of older collectors"),
        spans,
    )
    .post(
        "/v2/trace/otlp",
        Access::Ingest,
        send("Send spans as OTLP"),
        otlp_spans,
    )
    .get(
        "/v2/ingest/recent",
        Access::Administrator,
        Summary::new("List what was received recently").or(not_configured),
        recent::list_recent,
    )
    .get(
        "/v2/token/{name}/ingest",
        Access::AnyCaller,
        "Count what an org token sent",
        recent::count,
    )
}

async fn datapoints(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    data: DataRequest<SignalFxForms<DatapointLists>>,
) -> Result<SerializedBody<OkText>, IngestError> {
    accept(&service, &caller, data, parse_datapoints).await?;
    Ok(SerializedBody::new("OK"))
}

async fn events(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    data: DataRequest<SignalFxForms<Vec<EventShape>>>,
) -> Result<SerializedBody<OkText>, IngestError> {
    accept(&service, &caller, data, parse_events).await?;
    Ok(SerializedBody::new("OK"))
}

async fn spans(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    data: DataRequest<JsonForm<Vec<SpanShape>>>,
) -> Result<Json<SpansBody>, IngestError> {
    let valid = accept(&service, &caller, data, parse_spans).await?;
    Ok(Json(SpansBody { valid }))
}

async fn otlp_metrics(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    data: DataRequest<OtlpForm>,
) -> Result<EmptyMessage, IngestError> {
    accept(&service, &caller, data, parse_otlp_metrics).await?;
    Ok(EmptyMessage)
}

async fn otlp_spans(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    data: DataRequest<OtlpForm>,
) -> Result<EmptyMessage, IngestError> {
    accept(&service, &caller, data, parse_otlp_spans).await?;
    Ok(EmptyMessage)
}

/// The number of accepted spans.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SpansAccepted", deny_unknown_fields)]
struct SpansBody {
    valid: u32,
}

/// Parses a request and hands it to the service. Returns the number of accepted items. A request that cannot be parsed
/// is counted too.
async fn accept<B>(
    service: &Service,
    caller: &Arc<Caller>,
    data: DataRequest<B>,
    parser: Parser,
) -> Result<u32, IngestError> {
    match parcel(service, caller, data.request, parser).await {
        Ok(parcel) => {
            let items = parcel.items;
            service.ingest().take_in(caller, parcel).await?;
            Ok(items)
        }
        Err(error) => {
            service.ingest().count_unreadable(caller)?;
            Err(error.into())
        }
    }
}

async fn parcel(
    service: &Service,
    caller: &Caller,
    request: Request,
    parser: Parser,
) -> Result<Parcel, ApiError> {
    let (now, mut observer) = (service.now(), service.ingest().observer(caller));
    read(request, move |body| {
        let parsed = parser(&body, now, &mut observer)?;
        let count = |items| u32::try_from(items).unwrap_or(u32::MAX);
        Ok(Parcel {
            kind: parsed.kind,
            items: count(parsed.items),
            dropped: count(parsed.dropped),
            bytes: body.bytes.len(),
            payload: parsed.payload,
            observations: observer.finish(),
        })
    })
    .await
}
