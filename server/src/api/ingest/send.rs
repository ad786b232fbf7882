//! The routes by which data is sent (docs/contract.md#ingest), and those by which a person sees that it arrives (ours).
//!
//! Whatever a request was written in, it becomes one parcel in one form, is brought to disk, and is then acknowledged.

use crate::api::ingest::event;
use crate::api::ingest::message;
use crate::api::ingest::otlp;
use crate::api::ingest::recent;
use crate::api::ingest::schema;
use crate::api::ingest::sent;
use crate::api::ingest::trace;
use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use domain::{
    identity::{access::Access, actor::Caller},
    ingest::Kind,
    platform::timestamp::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{Parcel, Service};

pub(crate) use crate::api::ingest::translate::to_otlp;
use crate::api::ingest::{
    schema::{InJson, Otlp, SignalFx},
    sent::{Data, Sent},
};
use crate::api::platform::{
    auth_guard::By,
    error::ApiError,
    response::Written,
    route::{Routes, Summary},
};

/// The header that says of what there was too much; the Go library for sending data reads it
/// (docs/contract.md#throttling).
const THROTTLE_TYPE: HeaderName = HeaderName::from_static("throttle-type");

/// The routes of what is sent.
pub(crate) fn routes() -> Routes {
    let quota = StatusCode::TOO_MANY_REQUESTS;
    Routes::of(
        "Ingest",
        "Datapoints, events and spans: sending them, and seeing that they arrive.",
    )
    .post(
        "/v2/datapoint",
        Access::Ingest,
        Summary::new("Send datapoints").or(quota),
        datapoints,
    )
    .post(
        "/v2/datapoint/otlp",
        Access::Ingest,
        Summary::new("Send datapoints as OTLP").or(quota),
        otlp_metrics,
    )
    .post("/v2/event", Access::Ingest, "Send events", events)
    .post("/v2/trace", Access::Ingest, "Send spans", spans)
    .post(
        "/v2/trace/otlp",
        Access::Ingest,
        "Send spans as OTLP",
        otlp_spans,
    )
    .get(
        "/v2/ingest/recent",
        Access::Administrator,
        Summary::new("See what arrived lately").or(StatusCode::NOT_FOUND),
        recent::recent,
    )
    .get(
        "/v2/token/{name}/ingest",
        Access::AnyCaller,
        "Count what an org token sent",
        recent::counts,
    )
}

async fn datapoints(
    State(service): State<Service>,
    By(caller): By,
    data: Data<SignalFx<schema::Datapoints>>,
) -> Result<Written<schema::Ok>, NotTaken> {
    take_in(&service, &caller, data, message::read_datapoints).await?;
    Ok(Written::new("OK"))
}

async fn events(
    State(service): State<Service>,
    By(caller): By,
    data: Data<SignalFx<Vec<schema::Event>>>,
) -> Result<Written<schema::Ok>, NotTaken> {
    take_in(&service, &caller, data, event::read_events).await?;
    Ok(Written::new("OK"))
}

async fn spans(
    State(service): State<Service>,
    By(caller): By,
    data: Data<InJson<Vec<schema::Span>>>,
) -> Result<Json<SpansTaken>, NotTaken> {
    let valid = take_in(&service, &caller, data, trace::read_spans).await?;
    Ok(Json(SpansTaken { valid }))
}

async fn otlp_metrics(
    State(service): State<Service>,
    By(caller): By,
    data: Data<Otlp>,
) -> Result<EmptyMessage, NotTaken> {
    take_in(&service, &caller, data, otlp::read_metrics).await?;
    Ok(EmptyMessage)
}

async fn otlp_spans(
    State(service): State<Service>,
    By(caller): By,
    data: Data<Otlp>,
) -> Result<EmptyMessage, NotTaken> {
    take_in(&service, &caller, data, otlp::read_spans).await?;
    Ok(EmptyMessage)
}

/// How many spans were taken.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SpansTaken {
    valid: u32,
}

/// Reads the form a route takes into what is kept.
type Reader = fn(&Sent, Timestamp) -> Result<Read, ApiError>;

/// What a reader makes of a body.
pub(crate) struct Read {
    pub(crate) kind: Kind,
    pub(crate) items: usize,
    pub(crate) dropped: usize,
    pub(crate) payload: Vec<u8>,
}

/// Reads a request and takes it in; how many items were taken. What cannot be read is counted too.
async fn take_in<B>(
    service: &Service,
    caller: &Arc<Caller>,
    data: Data<B>,
    reader: Reader,
) -> Result<u32, NotTaken> {
    match parcel(service, data.request, reader).await {
        Ok(parcel) => {
            let items = parcel.items;
            service.ingest().take_in(caller, parcel).await?;
            Ok(items)
        }
        Err(unreadable) => {
            service.ingest().count_unreadable(caller)?;
            Err(NotTaken(unreadable))
        }
    }
}

async fn parcel(service: &Service, request: Request, reader: Reader) -> Result<Parcel, ApiError> {
    let now = service.now();
    sent::read(request, move |sent| {
        let read = reader(&sent, now)?;
        let count = |items| u32::try_from(items).unwrap_or(u32::MAX);
        Ok(Parcel {
            kind: read.kind,
            items: count(read.items),
            dropped: count(read.dropped),
            bytes: sent.bytes.len(),
            payload: read.payload,
        })
    })
    .await
}

/// The answer of OTLP: a message that says nothing but that it went well.
pub(crate) struct EmptyMessage;

impl IntoResponse for EmptyMessage {
    fn into_response(self) -> Response {
        let media_type = HeaderValue::from_static("application/x-protobuf");
        ([(CONTENT_TYPE, media_type)], ()).into_response()
    }
}

/// Why nothing was taken.
pub(crate) struct NotTaken(ApiError);

impl<E: Into<ApiError>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for NotTaken {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let what = HeaderValue::from_static("datapoints per minute");
            response.headers_mut().insert(THROTTLE_TYPE, what);
        }
        response
    }
}
