//! `/v2/organization` (contract 3.8): what it is, and its custom metric categories. Its members are in [`super::member`].

use axum::{
    Json,
    extract::{FromRequest as _, Request, State},
};
use domain::{
    access::Access,
    custom_category::CustomCategory,
    id::{Id, OrganizationId},
    timestamp::Timestamp,
};
use serde::Serialize;
use service::{OrganizationView, Service, check_may_change_settings};

use super::{body::RequiredJsonListBody, error::ApiError, gate::By, route::Routes};
use crate::http::public_url::PublicUrl;

/// Until when the account is valid: it does not end. The last moment of the year 9999, which every client can hold.
const NO_END: Timestamp = Timestamp::from_millis(253_402_300_799_000);

/// The routes of the organization. Who may change its categories is asked by the act, whose refusal has a text of its own.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/v2/organization", Access::Administrator, describe)
        .get(
            "/v2/organization/custom-categories",
            Access::Writer,
            list_categories,
        )
        .patch(
            "/v2/organization/custom-categories",
            Access::AnyCaller,
            replace_categories,
        )
}

async fn describe(
    State(service): State<Service>,
    By(caller): By,
    PublicUrl(url): PublicUrl,
) -> Result<Json<OrganizationBody>, ApiError> {
    let view = service.describe_organization(&caller).await?;
    Ok(Json(OrganizationBody::new(view, url)))
}

async fn list_categories(
    State(service): State<Service>,
    By(caller): By,
) -> Result<Json<Vec<CustomCategory>>, ApiError> {
    Ok(Json(service.list_custom_categories(&caller).await?))
}

async fn replace_categories(
    State(service): State<Service>,
    By(caller): By,
    request: Request,
) -> Result<Json<Vec<CustomCategory>>, ApiError> {
    // Before the body is read: whoever may not change it is told so, whatever they sent (contract 1.9).
    check_may_change_settings(&caller)?;
    let RequiredJsonListBody(given) = RequiredJsonListBody::from_request(request, &()).await?;
    let categories = service.replace_custom_categories(&caller, &given).await?;
    Ok(Json(categories))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrganizationBody {
    id: OrganizationId,
    organization_name: String,
    account_type: &'static str,
    account_status: &'static str,
    account_key: OrganizationId,
    account_renews: bool,
    account_valid_until: i64,
    dpm_limit: i64,
    tokens_expiring_in_seven_days: Vec<String>,
    tokens_expiring_in_thirty_days: Vec<String>,
    /// A text: the Terraform provider takes the address of the interface from here (contract 1.13).
    url: String,
    created: i64,
    creator: Id,
    last_updated: i64,
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
            // It is set up by the system: there is nobody yet.
            creator: Id::SYSTEM,
            last_updated: organization.updated_at.as_millis(),
            last_updated_by: organization.updated_by,
        }
    }
}
