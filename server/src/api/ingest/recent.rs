//! What was received recently, for administrators, and how much each org token sent, for callers who may see the token
//! (ours).

use axum::{Json, extract::State};
use service::{RecentFilter, Service};

use super::{
    recent_body::{IngestCountBody, RecentBody, parse_kind},
    schema::RecentParameters,
};
use crate::api::platform::{
    caller::Authenticated, error::ApiError, parameters::Parameters, path::PathName,
};

/// Parcels in a response when the request has no limit.
const DEFAULT_LIMIT: i64 = 20;

pub(super) async fn list_recent(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<RecentParameters>,
) -> Result<Json<RecentBody>, ApiError> {
    let org_token_id = match parameters.find("token") {
        Some(name) => Some(service.tokens().org().find(&caller, name).await?.token.id),
        None => None,
    };
    let filter = RecentFilter {
        org_token_id,
        kind: parameters.find("kind").map(parse_kind).transpose()?,
        limit: usize::try_from(parameters.page(DEFAULT_LIMIT).limit).unwrap_or_default(),
    };
    let recent = service.ingest().recent_parcels(&caller, filter).await?;
    Ok(Json(recent.into()))
}

pub(super) async fn count(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
) -> Result<Json<IngestCountBody>, ApiError> {
    let token = service.tokens().org().find(&caller, &name).await?.token;
    let count = service
        .tokens()
        .org()
        .ingest_count(&caller, token.id)
        .await?;
    Ok(Json(IngestCountBody::new(token.id, count)))
}
