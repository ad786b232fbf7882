//! The organization and its custom metric categories (docs/contract.md#organization).

use domain::{
    audit::event::{Action, FieldChange, ObjectType},
    identity::{access::Access, actor::Caller, custom_category::CustomCategory},
    platform::{limits, timestamp::Timestamp},
};
use serde_json::{Value, json};
use store::{OrgToken, Organization};

use crate::{
    audit::commit::{done, object},
    identity::handle::Identities,
    platform::error::ServiceError,
};

/// The organization, with the org tokens that expire soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationView {
    /// The organization.
    pub organization: Organization,
    /// The names of the org tokens that expire within seven days.
    pub expiring_in_seven_days: Vec<String>,
    /// The names of the org tokens that expire within thirty days, including those of seven.
    pub expiring_in_thirty_days: Vec<String>,
}

impl Identities {
    /// The organization of this installation.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before it is set up.
    pub async fn organization(&self) -> Result<Organization, ServiceError> {
        self.platform.organization().await
    }

    /// Describes the organization.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn describe_organization(
        &self,
        caller: &Caller,
    ) -> Result<OrganizationView, ServiceError> {
        caller.authorize_administrator()?;
        let organization = self.platform.organization().await?;
        let now = self.platform.now();
        let mut read = self.platform.store().read().await?;
        let expiring = read
            .list_expiring_org_tokens(
                organization.id,
                now,
                now.plus_days(30),
                limits::PAGE_OBJECTS,
            )
            .await?;
        Ok(OrganizationView {
            organization,
            expiring_in_seven_days: names_until(&expiring, now.plus_days(7)),
            expiring_in_thirty_days: names_until(&expiring, now.plus_days(30)),
        })
    }

    /// Lists the organization's custom metric categories.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] without a writing role.
    pub async fn list_custom_categories(
        &self,
        caller: &Caller,
    ) -> Result<Vec<CustomCategory>, ServiceError> {
        Access::Writer.check(caller.actor())?;
        let mut read = self.platform.store().read().await?;
        Ok(read
            .list_custom_categories(caller.organization_id())
            .await?)
    }

    /// Replaces the custom metric categories.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the list breaks a rule, [`ServiceError::Denied`] unless the caller is an
    /// administrator.
    pub async fn replace_custom_categories(
        &self,
        caller: &Caller,
        given: &[Value],
    ) -> Result<Vec<CustomCategory>, ServiceError> {
        check_may_change_settings(caller)?;
        let mut write = self.platform.store().write().await?;
        let organization = write.find_organization().await?;
        let organization = organization.ok_or_else(|| ServiceError::not_found("organization"))?;
        let before = write.list_custom_categories(organization.id).await?;
        let after = CustomCategory::read_all(given, &before)?;
        if before == after {
            return Ok(after);
        }
        let now = self.platform.now();
        write
            .replace_custom_categories(organization.id, &after)
            .await?;
        write
            .touch_organization(organization.id, now, caller.actor().id())
            .await?;
        let change = FieldChange {
            field: "customCategories".to_owned(),
            before: Some(json!(before)),
            after: Some(json!(after)),
        };
        let about = object(ObjectType::Organization, organization.id, organization.name);
        let event = done(caller, now, Action::Update, about, vec![change]);
        self.audit.commit(write, event).await?;
        Ok(after)
    }
}

/// Checks that the caller may change the organization's settings, before the request is parsed.
///
/// # Errors
/// [`ServiceError::Denied`] unless the caller is an administrator, with a message of its own
/// (docs/contract.md#organization).
pub fn check_may_change_settings(caller: &Caller) -> Result<(), ServiceError> {
    let words = "Unauthorized request to update org settings";
    caller
        .authorize_administrator()
        .map_err(|_| ServiceError::Denied(words.to_owned()))
}

fn names_until(expiring: &[OrgToken], until: Timestamp) -> Vec<String> {
    let until = expiring.iter().filter(|token| token.expires_at <= until);
    until.map(|token| token.name.clone()).collect()
}
