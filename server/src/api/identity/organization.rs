//! `/v2/organization` (docs/contract.md#organization): the organization and its custom metric categories. Members are
//! in [`crate::api::identity::member`].

mod schema;

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    identity::{access::Access, custom_category::CustomCategory},
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{OrganizationView, Service, check_may_change_settings};

use self::schema::{Category, CategoryGiven};
use crate::{
    api::platform::{
        body::{DeferredBody, RequiredJsonListBody},
        caller::Authenticated,
        error::ApiError,
        route::Summary,
        routes::Routes,
        schema::IdText,
    },
    middleware::public_url::PublicUrl,
};

/// The end of the account, which does not expire: the last second of the year 9999, which all clients can represent.
const NO_END: Timestamp = Timestamp::from_millis(253_402_300_799_000);

/// The routes of the organization. The handler checks who may change the categories, because the message of that denial
/// differs from all others.
pub(crate) fn routes() -> Routes {
    Routes::of("Organization", "The organization of this installation.")
        .without_secrets()
        .get(
            "/v2/organization",
            Access::Administrator,
            "Read the organization",
            describe,
        )
        .get(
            "/v2/organization/custom-categories",
            Access::Writer,
            "List custom metric categories",
            list_categories,
        )
        .patch(
            "/v2/organization/custom-categories",
            Access::AnyCaller,
            Summary::new("Replace all custom metric categories").or(StatusCode::FORBIDDEN),
            replace_categories,
        )
}

async fn describe(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PublicUrl(url): PublicUrl,
) -> Result<Json<OrganizationBody>, ApiError> {
    let view = service.identity().describe_organization(&caller).await?;
    Ok(Json(OrganizationBody::new(view, url)))
}

async fn list_categories(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Vec<CategoryBody>>, ApiError> {
    let categories = service.identity().list_custom_categories(&caller).await?;
    Ok(Json(bodies(categories)))
}

async fn replace_categories(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    body: DeferredBody<RequiredJsonListBody<CategoryGiven>>,
) -> Result<Json<Vec<CategoryBody>>, ApiError> {
    // Checked before the body is read: a denial takes precedence over an invalid body (docs/contract.md#errors).
    check_may_change_settings(&caller)?;
    let given = body.read().await?;
    let categories = service
        .identity()
        .replace_custom_categories(&caller, &given)
        .await?;
    Ok(Json(bodies(categories)))
}

/// A custom metric category.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
struct CategoryBody(#[schemars(with = "Category")] CustomCategory);

fn bodies(categories: Vec<CustomCategory>) -> Vec<CategoryBody> {
    categories.into_iter().map(CategoryBody).collect()
}

/// The organization.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Organization", deny_unknown_fields)]
struct OrganizationBody {
    #[schemars(with = "IdText")]
    id: OrganizationId,
    organization_name: String,
    account_type: &'static str,
    account_status: &'static str,
    #[schemars(with = "IdText")]
    account_key: OrganizationId,
    account_renews: bool,
    account_valid_until: i64,
    dpm_limit: i64,
    tokens_expiring_in_seven_days: Vec<String>,
    tokens_expiring_in_thirty_days: Vec<String>,
    /// The origin of the web interface. The Terraform provider requires a string here.
    url: String,
    created: i64,
    #[schemars(with = "IdText")]
    creator: Id,
    last_updated: i64,
    #[schemars(with = "IdText")]
    last_updated_by: Id,
}

impl OrganizationBody {
    fn new(view: OrganizationView, url: String) -> Self {
        let organization = view.organization;
        Self {
            id: organization.id,
            organization_name: organization.name,
            account_type: "SELF_HOSTED",
            account_status: "ACTIVE",
            account_key: organization.id,
            account_renews: true,
            account_valid_until: NO_END.as_millis(),
            dpm_limit: 0,
            tokens_expiring_in_seven_days: view.expiring_in_seven_days,
            tokens_expiring_in_thirty_days: view.expiring_in_thirty_days,
            url,
            created: organization.created_at.as_millis(),
            // The organization is created before its first member.
            creator: Id::SYSTEM,
            last_updated: organization.updated_at.as_millis(),
            last_updated_by: organization.updated_by,
        }
    }
}
