//! `/v2/audit/info/{type}/{id}`: who created and last updated an object, with which token (docs/contract.md#info).

use axum::{Json, extract::State};
use domain::audit::event::ObjectType;
use service::Service;

use super::info_body::InfoBody;
use crate::api::platform::{caller::Authenticated, error::ApiError, path::TypeAndId};

pub(super) async fn describe(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    TypeAndId(kind, id): TypeAndId,
) -> Result<Json<InfoBody>, ApiError> {
    let kind = ObjectType::from_label(&kind)
        .ok_or_else(|| ApiError::not_found("There is no such type of object."))?;
    let subject = service.find_subject(&caller, kind, id).await?;
    let info = service.audit().info(&caller, subject).await?;
    Ok(Json(InfoBody::new(info, &caller)))
}
