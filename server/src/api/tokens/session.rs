//! `/v2/session`: issues (docs/contract.md#issue-a-token), revokes (docs/contract.md#revoke-a-token) and describes a
//! user API access token. `/v2/password/update`: changes the password (docs/contract.md#change-a-password).

mod schema;

use axum::{Json, extract::State, http::StatusCode, response::NoContent};
use domain::{
    identity::{
        access::Access,
        actor::Caller,
        credential::{CallerToken, TokenKind},
    },
    platform::{
        id::{Id, OrganizationId, TokenId, UserId},
        timestamp::Timestamp,
    },
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{IssuedToken, OtherTokens, Service, SessionTokenRequest};

use self::schema::{PasswordChangeBody, SignInBody};
use crate::api::platform::{
    body::{JsonBody, optional_text, required_text},
    caller::{Authenticated, Meta, PresentedSecret},
    error::ApiError,
    idempotency::Keyed,
    response::{EmptyOk, SerializedBody},
    route::Summary,
    routes::Routes,
    schema::{IdText, TokenKindLabel},
};

/// The routes of sessions.
pub(crate) fn routes() -> Routes {
    Routes::of("Sessions", "User API access tokens, and passwords.")
        .create(
            "/v2/session",
            Access::Public,
            Summary::new("Issue a user API access token for an email address and password")
                .or(StatusCode::UNAUTHORIZED)
                .or(StatusCode::TOO_MANY_REQUESTS),
            issue,
        )
        .delete(
            "/v2/session",
            Access::Credential,
            Summary::new("Revoke the token in the header").or(StatusCode::NOT_FOUND),
            revoke,
        )
        .get(
            "/v2/session",
            Access::AnyCaller,
            "Describe the token in the header",
            describe,
        )
        .post(
            "/v2/password/update",
            Access::User,
            Summary::new("Change the caller's password").or(StatusCode::TOO_MANY_REQUESTS),
            change_password,
        )
}

async fn issue(
    State(service): State<Service>,
    Meta(meta): Meta,
    Keyed(keyed): Keyed,
    document: JsonBody<SignInBody>,
) -> Result<Json<IssuedBody>, ApiError> {
    let email = required_text(&document, "email")?;
    let password = required_text(&document, "password")?;
    let organization = optional_text(&document, "organizationId")?.filter(|id| !id.is_empty());
    let name = optional_text(&document, "name")?;
    let asked = SessionTokenRequest {
        email,
        password,
        organization_id: organization,
        name: name.unwrap_or_default(),
    };
    let (issued, member) = service
        .identity()
        .issue_session_token_once(keyed, &asked, &meta)
        .await?;
    Ok(Json(IssuedBody::new(
        &issued,
        member.email,
        member.persona_id,
    )))
}

async fn revoke(
    State(service): State<Service>,
    Meta(meta): Meta,
    PresentedSecret(secret): PresentedSecret,
) -> Result<NoContent, ApiError> {
    service.tokens().revoke_by_secret(&secret, meta).await?;
    Ok(NoContent)
}

async fn describe(Authenticated(caller): Authenticated) -> SerializedBody<DescribedBody<'static>> {
    SerializedBody::new(DescribedBody::of(&caller))
}

async fn change_password(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    document: JsonBody<PasswordChangeBody>,
) -> Result<EmptyOk, ApiError> {
    let old = required_text(&document, "oldPassword")?;
    let new = required_text(&document, "newPassword")?;
    service
        .identity()
        .change_password(&caller, old, new, OtherTokens::Keep)
        .await?;
    Ok(EmptyOk)
}

/// An issued token. This is the only response that contains its secret.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "IssuedToken", deny_unknown_fields)]
struct IssuedBody {
    access_token: String,
    auth_method: &'static str,
    #[schemars(with = "IdText")]
    created_by: UserId,
    created_ms: i64,
    disabled: bool,
    email: String,
    expiry_ms: i64,
    #[schemars(with = "IdText")]
    id: TokenId,
    /// Ours; absent for a token without a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    name: Option<String>,
    #[schemars(with = "IdText")]
    organization_id: OrganizationId,
    #[schemars(with = "IdText")]
    persona_id: Id,
    read_only: bool,
    session_type: &'static str,
    #[schemars(with = "Option<IdText>")]
    updated_by: Option<Id>,
    updated_ms: i64,
    #[schemars(with = "IdText")]
    user_id: UserId,
    user_name: Option<String>,
}

impl IssuedBody {
    fn new(issued: &IssuedToken, email: String, persona_id: Id) -> Self {
        let token = &issued.token;
        Self {
            access_token: issued.secret.reveal().to_owned(),
            auth_method: "UNDEFINED",
            created_by: token.user_id,
            created_ms: token.created_at.as_millis(),
            disabled: false,
            email,
            expiry_ms: token.expires_at.as_millis(),
            id: token.id,
            name: Some(token.name.clone()).filter(|name| !name.is_empty()),
            organization_id: token.organization_id,
            persona_id,
            read_only: false,
            session_type: "ORG_USER",
            updated_by: None,
            updated_ms: token.created_at.as_millis(),
            user_id: token.user_id,
            user_name: None,
        }
    }
}

/// A token and its owner: an addition to the API.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Token", deny_unknown_fields)]
struct DescribedBody<'a> {
    #[schemars(with = "Option<IdText>")]
    id: Option<Id>,
    #[schemars(with = "Option<TokenKindLabel>")]
    kind: Option<TokenKind>,
    name: &'a str,
    last4: &'a str,
    #[schemars(with = "IdText")]
    organization_id: OrganizationId,
    #[schemars(with = "Option<IdText>")]
    user_id: Option<UserId>,
    user_name: Option<&'a str>,
    email: Option<&'a str>,
    roles: Vec<&'static str>,
    created_ms: Option<i64>,
    expiry_ms: Option<i64>,
}

impl<'a> DescribedBody<'a> {
    fn of(caller: &'a Caller) -> Self {
        let credential = caller.identity.credential.as_ref();
        let token = caller.identity.token.as_ref();
        let millis = |at: fn(&CallerToken) -> Timestamp| token.map(|token| at(token).as_millis());
        let user = caller.user();
        Self {
            id: credential.map(|credential| credential.id),
            kind: credential.map(|credential| credential.kind),
            name: credential.map_or("", |credential| &credential.name),
            last4: credential.map_or("", |credential| &credential.last4),
            organization_id: caller.organization_id(),
            user_id: user.map(|user| user.id),
            user_name: user.map(|user| user.name.as_str()),
            email: user.map(|user| user.email.as_str()),
            roles: caller
                .actor()
                .roles()
                .iter()
                .map(domain::identity::role::Role::title)
                .collect(),
            created_ms: millis(|token| token.created_at),
            expiry_ms: millis(|token| token.expires_at),
        }
    }
}
