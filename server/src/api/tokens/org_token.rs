//! `/v2/token` (docs/contract.md#org-tokens): org tokens, addressed by name.

mod schema;

use axum::{Json, extract::State, response::NoContent};
use domain::{
    identity::access::Access,
    objects::permissions::{CurrentPermissions, Item, Protection},
    platform::document::Document,
    tokens::org_token::{Rotation, defaults},
};
use serde_json::{Value, json};
use service::{OrgTokenView, Service};

use self::schema::{OrgTokenBody, OrgTokenFields, OrgTokenListParameters, RotationParameters};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{ListBody, SHORT_DEFAULT_LIMIT},
    parameters::Parameters,
    path::PathName,
    response::DocumentBody,
    routes::Routes,
    schema::{ToCreate, ToUpdate},
};

/// The routes of org tokens.
pub(crate) fn routes() -> Routes {
    Routes::of("Org tokens", "Tokens of the organization, for programs.")
        .get("/v2/token", Access::AnyCaller, "List org tokens", list)
        .create(
            "/v2/token",
            Access::Administrator,
            "Create an org token",
            issue,
        )
        .get(
            "/v2/token/{name}",
            Access::AnyCaller,
            "Read an org token",
            find,
        )
        .put(
            "/v2/token/{name}",
            Access::Administrator,
            "Replace an org token",
            update,
        )
        .delete(
            "/v2/token/{name}",
            Access::Administrator,
            "Delete an org token",
            delete,
        )
        .create(
            "/v2/token/{name}/rotate",
            Access::Administrator,
            "Rotate the secret of an org token",
            rotate,
        )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<OrgTokenListParameters>,
) -> Result<Json<ListBody<DocumentBody<OrgTokenBody>>>, ApiError> {
    let name = parameters.find("name").unwrap_or_default();
    let page = parameters.page(SHORT_DEFAULT_LIMIT);
    let found = service
        .tokens()
        .org()
        .list(&caller, name, parameters.order_by(), page)
        .await?;
    Ok(Json(found.map(|view| body(&view)).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
) -> Result<Json<DocumentBody<OrgTokenBody>>, ApiError> {
    let view = service.tokens().org().find(&caller, &name).await?;
    Ok(Json(body(&view)))
}

async fn issue(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<OrgTokenFields>>,
) -> Result<Json<DocumentBody<OrgTokenBody>>, ApiError> {
    let view = service.tokens().org().issue(&caller, &given).await?;
    Ok(Json(body(&view)))
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
    given: JsonBody<ToUpdate<OrgTokenFields>>,
) -> Result<Json<DocumentBody<OrgTokenBody>>, ApiError> {
    let view = service
        .tokens()
        .org()
        .update(&caller, &name, &given)
        .await?;
    Ok(Json(body(&view)))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
) -> Result<NoContent, ApiError> {
    service.tokens().org().delete(&caller, &name).await?;
    Ok(NoContent)
}

async fn rotate(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
    parameters: Parameters<RotationParameters>,
) -> Result<Json<DocumentBody<OrgTokenBody>>, ApiError> {
    let rotation = Rotation::parse(
        parameters.find("graceful"),
        parameters.find("secondsUntilExpiry"),
    )?;
    let view = service
        .tokens()
        .org()
        .rotate(&caller, &name, rotation)
        .await?;
    Ok(Json(body(&view)))
}

/// Returns the body of a response. It contains the secret if the caller may see it.
fn body(view: &OrgTokenView) -> DocumentBody<OrgTokenBody> {
    let token = &view.token;
    let mut body = Document::new();
    let mut show = |field: &str, value: Value| body.insert(field.to_owned(), value);
    show("id", json!(token.id));
    show("name", json!(token.name));
    show("orgId", json!(token.organization_id));
    if let Some(secret) = &view.secret {
        show("secret", json!(secret.as_str()));
    }
    for (field, default) in defaults() {
        let given = token.document.get(field).cloned();
        show(field, given.unwrap_or(default));
    }
    show("authScopes", json!(token.auth_scopes));
    show("disabled", json!(token.disabled_at.is_some()));
    show("exceedingLimits", json!(view.exceeding_limits));
    show("permissions", permissions(view));
    show("roles", roles(view));
    show("created", json!(token.created.at.as_millis()));
    show("creator", json!(token.created.by.actor_id));
    show("lastUpdated", json!(token.updated.at.as_millis()));
    show("lastUpdatedBy", json!(token.updated.by.actor_id));
    show("latestRotation", json!(token.rotated_at.as_millis()));
    show("expiry", json!(token.expires_at.as_millis()));
    body.into()
}

fn permissions(view: &OrgTokenView) -> Value {
    let Some(entries) = &view.token.acl else {
        return Value::Null;
    };
    let present = CurrentPermissions {
        item: Item::Group,
        organization_id: view.token.organization_id,
        protection: &Protection::Entries(entries.clone()),
    };
    present.permissions().unwrap_or_default()
}

/// Only a token that may call the API has a role.
fn roles(view: &OrgTokenView) -> Value {
    if view.token.auth_scopes.iter().any(|scope| scope == "API") {
        json!([{ "title": view.token.role.title() }])
    } else {
        json!([])
    }
}
