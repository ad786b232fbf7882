//! Finding and listing integrations (docs/contract.md#integrations). Every member may read them; only administrators
//! read their secrets.

use std::fmt;

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    integrations::{ENCRYPTED, Secrets, show_secrets, shown},
    objects::object::Object,
    platform::{
        id::Id,
        notification::has_secrets,
        page::{OffsetPage, Page},
    },
};
use store::IntegrationCheck;

use crate::{
    integrations::handle::Integrations,
    objects::{
        list::{ListQuery, creators_of},
        load::find,
        webhook_secrets::{readable_document, revealed_secret},
    },
    platform::error::ServiceError,
};

/// An integration as the caller may read it. Its document contains secrets once [`Integrations::reveal`] has put them
/// there, so `Debug` does not print it.
#[derive(Clone, PartialEq)]
pub struct IntegrationView {
    /// The integration.
    pub integration: Object,
    /// The places of its secrets, for administrators: see [`Secrets::places`].
    pub secret_places: Vec<String>,
    /// Its secrets, for administrators.
    secrets: Secrets,
    /// The result of its last validation.
    pub check: Option<IntegrationCheck>,
}

impl fmt::Debug for IntegrationView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IntegrationView")
            .field("id", &self.integration.id)
            .field("name", &self.integration.name)
            .finish_non_exhaustive()
    }
}

impl IntegrationView {
    /// Puts the secrets into the document. Returns whether there are any.
    pub(super) fn show_secrets(&mut self) -> bool {
        show_secrets(&mut self.integration.document, &self.secrets)
    }

    /// The stored result of its creation.
    pub(super) fn as_stored(&self) -> (&Object, &[String]) {
        (&self.integration, &self.secret_places)
    }

    /// The integration as the request that created it returned it: its document contains the secrets.
    pub(super) fn from_stored((integration, secret_places): (Object, Vec<String>)) -> Self {
        Self {
            integration,
            secret_places,
            secrets: Secrets::default(),
            check: None,
        }
    }
}

impl Integrations {
    /// Lists the integrations of the organization.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<IntegrationView>, ServiceError> {
        let kind = ObjectType::Integration;
        let found = self.objects.list_objects(caller, kind, query, page).await?;
        let ids: Vec<Id> = found.results.iter().map(|object| object.id).collect();
        let mut read = self.platform.store().read().await?;
        let mut checks = read.list_integration_checks(&ids).await?;
        let views = found.results.into_iter().map(|object| {
            let place = checks
                .iter()
                .position(|check| check.integration_id == object.id);
            let check = place.map(|place| checks.swap_remove(place));
            let view = self.view(caller, object)?;
            Ok(IntegrationView { check, ..view })
        });
        Ok(Page {
            count: found.count,
            results: views.collect::<Result<_, ServiceError>>()?,
        })
    }

    /// Lists the creators of integrations, in order of their names.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn creators(&self, caller: &Caller) -> Result<Vec<(Id, String)>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        creators_of(&mut read, caller, ObjectType::Integration).await
    }

    /// Finds an integration.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find(&self, caller: &Caller, id: Id) -> Result<IntegrationView, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let object = find(&mut read, caller, ObjectType::Integration, id).await?;
        let check = read.list_integration_checks(&[id]).await?.pop();
        let view = self.view(caller, object)?;
        Ok(IntegrationView { check, ..view })
    }

    /// Puts into the documents of these integrations the secrets that the caller may read, and records that they are
    /// read.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn reveal(
        &self,
        caller: &Caller,
        views: &mut [IntegrationView],
    ) -> Result<(), ServiceError> {
        let mut revealed = Vec::new();
        for view in views {
            let has_url = caller.is_administrator() && has_secrets(&view.integration.document);
            if view.show_secrets() || has_url {
                revealed.push(revealed_secret(&view.integration));
            }
        }
        if revealed.is_empty() {
            return Ok(());
        }
        let read = self.platform.store().read().await?;
        self.audit.record_reveals(read, caller, revealed).await
    }

    /// The integration as the caller may read it, without its secrets.
    pub(super) fn view(
        &self,
        caller: &Caller,
        stored: Object,
    ) -> Result<IntegrationView, ServiceError> {
        let mut integration = stored;
        let secrets = if caller.is_administrator() {
            let opened = self.decrypt(integration)?;
            integration = opened.object;
            opened.secrets
        } else {
            integration.document.shift_remove(ENCRYPTED);
            Secrets::default()
        };
        let document = shown(&integration.document, &self.aws_account_arn);
        integration.document = readable_document(caller, document);
        Ok(IntegrationView {
            integration,
            secret_places: secrets.places(),
            secrets,
            check: None,
        })
    }
}
