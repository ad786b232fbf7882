//! Validation of integrations: their document, and whether their host answers (docs/contract.md#integrations).

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    integrations::{IntegrationDraft, named_token, target},
    platform::{id::Id, rejection::Rejected},
};
use store::IntegrationCheck;

use crate::{
    integrations::{catalog_changes::check_named_token, handle::Integrations},
    objects::load::find,
    platform::error::ServiceError,
};

impl Integrations {
    /// Validates an integration as it is stored, and probes its host. Stores the result.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator,
    /// [`ServiceError::Rejected`] with the reason.
    pub async fn validate(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        let outcome = self.probe_host(caller, id).await;
        let failure = match &outcome {
            Ok(()) => None,
            Err(ServiceError::Rejected(rejected)) => Some(rejected.message.clone()),
            Err(_) => return outcome,
        };
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping
            .note_integration_check(&IntegrationCheck {
                integration_id: id,
                at: self.platform.now(),
                failure,
            })
            .await?;
        housekeeping.finish().await?;
        outcome
    }

    async fn probe_host(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        let found = {
            // No database connection is held during the probe.
            let mut read = self.platform.store().read().await?;
            let object = find(&mut read, caller, ObjectType::Integration, id).await?;
            let opened = self.decrypt(object)?;
            let named = named_token(&opened.object.document);
            check_named_token(&mut read, caller, named).await?;
            opened
        };
        IntegrationDraft::read(&found.object.document, Some(found.as_stored()))?;
        let Some(target) = target(found.as_stored())? else {
            return Ok(());
        };
        let reached = self.probe.connect(&target).await;
        reached.map_err(|unreachable| Rejected::whole(unreachable.to_string()).into())
    }
}
