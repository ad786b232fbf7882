//! `/v2/organization/member` (docs/contract.md#members): members of the organization, their roles, and invitations.

pub(crate) mod schema;

use axum::{Json, extract::State, http::StatusCode, response::NoContent};
use domain::{
    identity::{
        access::Access,
        actor::Caller,
        member::{InvitationDraft, MemberChange},
        role::Role,
    },
    platform::id::{Id, OrganizationId, UserId},
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{Invited, MailOutcome, MemberWithRoles, RoleView, Service};

use self::schema::{InvitationBody, InvitationsBody, MemberChangeBody, MemberListParameters};
use crate::{
    api::{
        identity::role::RoleBody,
        platform::{
            body::JsonBody,
            caller::Authenticated,
            error::ApiError,
            list::{DEFAULT_LIMIT, ListBody},
            parameters::Parameters,
            path::ObjectId,
            route::Summary,
            routes::Routes,
            schema::IdText,
        },
    },
    middleware::public_url::PublicUrl,
};

/// The routes of members, all for administrators (docs/contract.md#administrator-calls).
pub(crate) fn routes() -> Routes {
    let only = Access::Administrator;
    Routes::of(
        "Members",
        "Members of the organization, their roles, and invitations.",
    )
    .without_secrets()
    .get("/v2/organization/member", only, "List members", list)
    .create(
        "/v2/organization/member",
        only,
        Summary::new("Invite a member").or(StatusCode::TOO_MANY_REQUESTS),
        invite,
    )
    .create(
        "/v2/organization/members",
        only,
        Summary::new("Invite several members").or(StatusCode::TOO_MANY_REQUESTS),
        invite_several,
    )
    .create(
        "/v2/organization/orgMembers",
        only,
        Summary::new("Invite several members (alias)").or(StatusCode::TOO_MANY_REQUESTS),
        invite_several,
    )
    .get("/v2/organization/member/{id}", only, "Read a member", find)
    .put(
        "/v2/organization/member/{id}",
        only,
        "Change the roles of a member",
        update,
    )
    .delete(
        "/v2/organization/member/{id}",
        only,
        "Remove a member and all their tokens",
        delete,
    )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<MemberListParameters>,
) -> Result<Json<ListBody<MemberBody>>, ApiError> {
    let query = parameters.find("query").unwrap_or_default();
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service
        .identity()
        .members()
        .search(&caller, query, parameters.order_by(), page)
        .await?;
    Ok(Json(found.map(MemberBody::from).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<MemberBody>, ApiError> {
    let found = service
        .identity()
        .members()
        .find(&caller, UserId(id))
        .await?;
    Ok(Json(found.into()))
}

async fn invite(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PublicUrl(url): PublicUrl,
    given: JsonBody<InvitationBody>,
) -> Result<Json<InvitedBody>, ApiError> {
    let draft = InvitationDraft::read(&given)?;
    let invited = service
        .identity()
        .invitations()
        .invite(&caller, &draft)
        .await?;
    let mut mailed = mail_links(&service, &caller, vec![invited], &url).await;
    mailed.pop().map(Json).ok_or_else(ApiError::internal)
}

async fn invite_several(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PublicUrl(url): PublicUrl,
    given: JsonBody<InvitationsBody>,
) -> Result<Json<InvitedListBody>, ApiError> {
    let drafts = InvitationDraft::read_several(&given)?;
    let invited = service
        .identity()
        .invitations()
        .invite_all(&caller, &drafts)
        .await?;
    let members = mail_links(&service, &caller, invited, &url).await;
    Ok(Json(InvitedListBody { members }))
}

/// Mails each invitation its link if a mail server is configured. Every body contains the link and whether it was
/// mailed.
async fn mail_links(
    service: &Service,
    caller: &Caller,
    invited: Vec<Invited>,
    url: &str,
) -> Vec<InvitedBody> {
    let letters: Vec<_> = invited
        .into_iter()
        .map(|one| {
            let page = app::pages::identity::invitation::invitation_page(one.claim.reveal());
            (one, format!("{url}{page}"))
        })
        .collect();
    let mailed = service
        .identity()
        .invitations()
        .mail(caller, letters.clone())
        .await;
    let results = letters.into_iter().zip(mailed);
    results
        .map(|((one, link), mailed)| InvitedBody::new(one, link, mailed))
        .collect()
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<MemberChangeBody>,
) -> Result<Json<MemberBody>, ApiError> {
    let change = MemberChange::read(&given)?;
    let changed = service
        .identity()
        .members()
        .update(&caller, UserId(id), &change)
        .await?;
    Ok(Json(changed.into()))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    service
        .identity()
        .members()
        .remove(&caller, UserId(id))
        .await?;
    Ok(NoContent)
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Member", deny_unknown_fields)]
struct MemberBody {
    #[schemars(with = "IdText")]
    id: UserId,
    #[schemars(with = "IdText")]
    user_id: UserId,
    #[schemars(with = "IdText")]
    organization_id: OrganizationId,
    email: String,
    full_name: String,
    title: Option<String>,
    phone: Option<String>,
    admin: bool,
    roles: Vec<RoleBody>,
    created: i64,
    #[schemars(with = "IdText")]
    creator: Id,
    last_updated: i64,
    #[schemars(with = "IdText")]
    last_updated_by: Id,
}

impl From<MemberWithRoles> for MemberBody {
    fn from(MemberWithRoles { member, roles }: MemberWithRoles) -> Self {
        Self {
            id: member.id,
            user_id: member.id,
            organization_id: member.organization_id,
            email: member.email,
            full_name: member.full_name,
            title: member.title,
            phone: member.phone,
            admin: member.roles.is_admin(),
            roles: bodies(roles),
            created: member.created_at.as_millis(),
            creator: member.created_by,
            last_updated: member.updated_at.as_millis(),
            last_updated_by: member.updated_by,
        }
    }
}

/// An invitation. This is the only response that contains its link.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Invited", deny_unknown_fields)]
struct InvitedBody {
    #[schemars(with = "IdText")]
    id: Id,
    #[schemars(with = "IdText")]
    organization_id: OrganizationId,
    email: String,
    full_name: Option<String>,
    title: Option<String>,
    phone: Option<String>,
    admin: bool,
    roles: Vec<RoleBody>,
    invite_url: String,
    /// Whether the link was mailed; absent if no mail server is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    invite_mailed: Option<bool>,
}

impl InvitedBody {
    fn new(invited: Invited, invite_url: String, mailed: MailOutcome) -> Self {
        Self {
            id: invited.id,
            organization_id: invited.organization_id,
            email: invited.email,
            full_name: invited.full_name,
            title: invited.title,
            phone: invited.phone,
            admin: invited.roles.iter().any(|role| role.role == Role::Admin),
            roles: bodies(invited.roles),
            invite_url,
            invite_mailed: match mailed {
                MailOutcome::NotConfigured => None,
                MailOutcome::Sent => Some(true),
                MailOutcome::Failed => Some(false),
            },
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InvitedMembers", deny_unknown_fields)]
struct InvitedListBody {
    members: Vec<InvitedBody>,
}

fn bodies(roles: Vec<RoleView>) -> Vec<RoleBody> {
    roles.into_iter().map(RoleBody::from).collect()
}
