//! Validation of integrations: their document, and whether their host answers (docs/contract.md#integrations).

use domain::{
    audit::event::{Action, FieldChange, ObjectType},
    identity::actor::Caller,
    integrations::{IntegrationDraft, check_settings, named_token, target},
    platform::{id::Id, rejection::Rejected},
};
use serde_json::json;
use store::{CheckOutcome, IntegrationCheck};

use crate::{
    audit::commit::{done, object},
    integrations::{catalog_changes::check_named_token, handle::Integrations, probe::Unreachable},
    objects::load::find,
    platform::error::ServiceError,
};

impl Integrations {
    /// Validates an integration as it is stored, and probes its host. Stores the outcome with an audit event.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator,
    /// [`ServiceError::Unavailable`] when the database does not answer. That the integration is not valid is an
    /// outcome.
    pub async fn validate(&self, caller: &Caller, id: Id) -> Result<CheckOutcome, ServiceError> {
        caller.authorize_administrator()?;
        let outcome = match self.probe_host(caller, id).await {
            Err(ServiceError::Rejected(rejected)) => CheckOutcome::Failed(rejected.message),
            other => other?,
        };
        let at = self.platform.now();
        let check = IntegrationCheck {
            integration_id: id,
            at,
            outcome,
        };
        let mut write = self.platform.store().write().await?;
        let found = find(&mut write, caller, ObjectType::Integration, id).await?;
        write.note_integration_check(&check).await?;
        let change = FieldChange {
            field: "validation".to_owned(),
            before: None,
            after: Some(json!(in_words(&check.outcome))),
        };
        let about = object(ObjectType::Integration, id, found.name);
        let event = done(caller, at, Action::Validate, about, vec![change]);
        self.audit.commit(write, event).await?;
        Ok(check.outcome)
    }

    async fn probe_host(&self, caller: &Caller, id: Id) -> Result<CheckOutcome, ServiceError> {
        let found = {
            // No database connection is held during the probe.
            let mut read = self.platform.store().read().await?;
            let object = find(&mut read, caller, ObjectType::Integration, id).await?;
            let opened = self.decrypt(object)?;
            let named = named_token(&opened.object.document);
            check_named_token(&mut read, caller, named).await?;
            opened
        };
        check_settings(found.as_stored())?;
        IntegrationDraft::read(&found.object.document, Some(found.as_stored()))?;
        let Some(target) = target(found.as_stored())? else {
            let reason = "Its settings name no host to connect to.";
            return Ok(CheckOutcome::NotTried(reason.to_owned()));
        };
        match self.probe.connect(&target).await {
            Ok(()) => Ok(CheckOutcome::Reached),
            Err(Unreachable::NotTried(reason)) => Ok(CheckOutcome::NotTried(reason)),
            Err(Unreachable::Failed(reason)) => Err(Rejected::whole(reason).into()),
        }
    }
}

fn in_words(outcome: &CheckOutcome) -> String {
    match outcome {
        CheckOutcome::Reached => "reached".to_owned(),
        CheckOutcome::NotTried(_) => outcome.to_text(),
        CheckOutcome::Failed(reason) => format!("failed: {reason}"),
    }
}
