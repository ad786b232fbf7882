//! `/v2/role` (docs/contract.md#roles): the built-in roles, and granting them.

mod schema;

use axum::{Json, extract::State};
use domain::{
    identity::{access::Access, role_grant::RoleGrant},
    platform::{
        document::Document,
        id::{Id, OrganizationId},
    },
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{RoleView, Service};

use self::schema::RoleGrantBody;
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    path::ObjectId,
    response::DocumentBody,
    routes::Routes,
    schema::{IdText, Nothing},
};

/// The routes of roles.
pub(crate) fn routes() -> Routes {
    Routes::of("Roles", "What members and org tokens may do.")
        .without_secrets()
        .get("/v2/role", Access::Writer, "List roles", list)
        .get("/v2/role/{id}", Access::Writer, "Read a role", find)
        .patch(
            "/v2/role/assign",
            Access::Administrator,
            "Assign roles to members or org tokens",
            assign,
        )
        .patch(
            "/v2/role/dismiss",
            Access::Administrator,
            "Remove roles from members or org tokens",
            dismiss,
        )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Vec<RoleBody>>, ApiError> {
    let roles = service.identity().list_roles(&caller).await?;
    Ok(Json(roles.into_iter().map(RoleBody::from).collect()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<RoleBody>, ApiError> {
    let role = service.identity().find_role(&caller, id).await?;
    Ok(Json(role.into()))
}

async fn assign(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<RoleGrantBody>,
) -> Result<Json<DocumentBody<Nothing>>, ApiError> {
    let grant = RoleGrant::read(&given)?;
    service.identity().assign_roles(&caller, &grant).await?;
    Ok(Json(Document::new().into()))
}

async fn dismiss(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<RoleGrantBody>,
) -> Result<Json<DocumentBody<Nothing>>, ApiError> {
    let grant = RoleGrant::read(&given)?;
    service.identity().dismiss_roles(&caller, &grant).await?;
    Ok(Json(Document::new().into()))
}

/// A role, in this response and in those of members.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Role", deny_unknown_fields)]
pub(crate) struct RoleBody {
    #[schemars(with = "IdText")]
    id: Id,
    title: &'static str,
    description: &'static str,
    capabilities: &'static [&'static str],
    immutable: bool,
    #[schemars(with = "IdText")]
    organization_id: OrganizationId,
    created: i64,
    #[schemars(with = "IdText")]
    creator: Id,
    last_updated: i64,
    #[schemars(with = "IdText")]
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
