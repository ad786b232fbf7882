//! `/v2/role` (contract 2.5): the built-in roles, and who has them.

use axum::{Json, extract::State};
use domain::{
    access::Access,
    id::{Id, OrganizationId},
    object::Document,
    role_grant::RoleGrant,
};
use serde::Serialize;
use service::{RoleView, Service};

use super::{body::JsonBody, error::ApiError, gate::By, path::ObjectId, route::Routes};

/// The routes of roles.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/role", Access::Writer, list)
        .get("/v2/role/{id}", Access::Writer, find)
        .patch("/v2/role/assign", Access::Administrator, assign)
        .patch("/v2/role/dismiss", Access::Administrator, dismiss)
}

async fn list(
    State(service): State<Service>,
    By(caller): By,
) -> Result<Json<Vec<RoleBody>>, ApiError> {
    let roles = service.list_roles(&caller).await?;
    Ok(Json(roles.into_iter().map(RoleBody::from).collect()))
}

async fn find(
    State(service): State<Service>,
    By(caller): By,
    ObjectId(id): ObjectId,
) -> Result<Json<RoleBody>, ApiError> {
    let role = service.find_role(&caller, id).await?;
    Ok(Json(role.into()))
}

async fn assign(
    State(service): State<Service>,
    By(caller): By,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let grant = RoleGrant::read(&given)?;
    service.assign_roles(&caller, &grant).await?;
    Ok(Json(Document::new()))
}

async fn dismiss(
    State(service): State<Service>,
    By(caller): By,
    JsonBody(given): JsonBody,
) -> Result<Json<Document>, ApiError> {
    let grant = RoleGrant::read(&given)?;
    service.dismiss_roles(&caller, &grant).await?;
    Ok(Json(Document::new()))
}

/// A role, here and within members.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleBody {
    id: Id,
    title: &'static str,
    description: &'static str,
    capabilities: &'static [&'static str],
    immutable: bool,
    organization_id: OrganizationId,
    created: i64,
    creator: Id,
    last_updated: i64,
    last_updated_by: Id,
}

impl From<RoleView> for RoleBody {
    fn from(view: RoleView) -> Self {
        let since = view.created_at.as_millis();
        Self {
            id: view.id,
            title: view.role.title(),
            description: view.role.description(),
            capabilities: view.role.capabilities(),
            immutable: true,
            organization_id: view.organization_id,
            created: since,
            creator: Id::SYSTEM,
            last_updated: since,
            last_updated_by: Id::SYSTEM,
        }
    }
}
