//! Integrations: list, find, create, update, delete (docs/contract.md#integrations). Every member may read them without
//! their secrets; other operations are for administrators. Secrets are encrypted before they are stored, and masked in
//! audit events.

use std::fmt;

use domain::{
    audit::event::{Action, ObjectType},
    identity::actor::Caller,
    integrations::{
        ENCRYPTED, EXTERNAL_ID_LETTERS, IntegrationDraft, Secrets, defaults, masked, named_token,
        shown,
    },
    objects::{object::Object, permissions::Protection},
    platform::{
        document::{Document, reject, same_content},
        id::Id,
        page::{OffsetPage, Page},
    },
};
use serde_json::json;
use store::{Conn, IntegrationCheck, ReadAccess};

use crate::{
    integrations::{handle::Integrations, secrets::Opened},
    objects::{
        changes::event,
        list::{ListQuery, creators_of},
        load::find,
    },
    platform::{error::ServiceError, random},
};

/// An integration as the caller may read it. Its document may contain secrets, so `Debug` does not print it.
#[derive(Clone, PartialEq)]
pub struct IntegrationView {
    /// The integration.
    pub integration: Object,
    /// The places of its secrets, for administrators: see [`Secrets::places`].
    pub secret_places: Vec<String>,
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

    /// Creates an integration.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator, [`ServiceError::Rejected`] when the document breaks
    /// a rule.
    pub async fn create(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<IntegrationView, ServiceError> {
        caller.authorize_administrator()?;
        let mut draft = IntegrationDraft::read(given, None)?;
        let mut write = self.platform.store().write().await?;
        check_named_token(&mut write, caller, named_token(&draft.document)).await?;
        if draft.needs_external_id() {
            let word = random::letters(EXTERNAL_ID_LETTERS);
            draft.document.insert("externalId".to_owned(), json!(word));
        }
        let stamp = self.platform.stamp(caller);
        let object = Object {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            kind: ObjectType::Integration,
            name: draft.name,
            parent_id: None,
            document: draft.document,
            protection: Protection::Open,
            created: stamp.clone(),
            updated: stamp.clone(),
        };
        let made = Opened {
            object,
            secrets: draft.secrets,
        };
        let encrypted = self.encrypt(&made);
        write
            .insert_object(&encrypted, &ReadAccess::default())
            .await?;
        let event = event(
            caller,
            &stamp,
            Action::Create,
            &encrypted,
            &Document::new(),
            &made.masked(None),
        );
        self.audit.commit(write, event).await?;
        self.view(caller, encrypted)
    }

    /// Updates an integration. Secrets that the request omits do not change; a request that matches what is stored
    /// changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator,
    /// [`ServiceError::Rejected`] when the document breaks a rule or has another type.
    pub async fn update(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<IntegrationView, ServiceError> {
        caller.authorize_administrator()?;
        let mut write = self.platform.store().write().await?;
        let stored = find(&mut write, caller, ObjectType::Integration, id).await?;
        let before = self.decrypt(stored.clone())?;
        let draft = IntegrationDraft::read(given, Some(before.as_stored()))?;
        let same = same_content(
            &before.object.document,
            &draft.document,
            &defaults(&before.object.document),
        );
        if same && draft.name == before.object.name && draft.secrets == before.secrets {
            return self.view(caller, stored);
        }
        let named = named_token(&draft.document);
        if named != named_token(&before.object.document) {
            check_named_token(&mut write, caller, named).await?;
        }
        let mut after = before.clone();
        after.object.name = draft.name;
        after.object.updated = self.platform.stamp(caller);
        after.secrets = draft.secrets;
        if !same {
            after.object.document = draft.document;
        }
        let encrypted = self.encrypt(&after);
        write
            .update_object(&stored, &encrypted, &ReadAccess::default())
            .await?;
        let (was, is) = (before.masked(None), after.masked(Some(&before.secrets)));
        let event = event(
            caller,
            &encrypted.updated,
            Action::Update,
            &encrypted,
            &was,
            &is,
        );
        self.audit.commit(write, event).await?;
        self.view(caller, encrypted)
    }

    /// Deletes an integration. Notifications that refer to it remain, and reach no recipient
    /// (docs/contract.md#integrations).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn delete(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        let mut write = self.platform.store().write().await?;
        let mut stored = find(&mut write, caller, ObjectType::Integration, id).await?;
        write.delete_object(id).await?;
        // It can be deleted, with an event, even when the key of its secrets is lost.
        stored.document.shift_remove(ENCRYPTED);
        let was = masked(&stored.name, &stored.document, &Secrets::default(), None);
        let stamp = self.platform.stamp(caller);
        let event = event(
            caller,
            &stamp,
            Action::Delete,
            &stored,
            &was,
            &Document::new(),
        );
        self.audit.commit(write, event).await
    }

    /// The integration as the caller may read it.
    fn view(&self, caller: &Caller, stored: Object) -> Result<IntegrationView, ServiceError> {
        let mut integration = stored;
        let secrets = if caller.is_administrator() {
            let opened = self.decrypt(integration)?;
            integration = opened.object;
            opened.secrets
        } else {
            integration.document.shift_remove(ENCRYPTED);
            Secrets::default()
        };
        integration.document = shown(&integration.document, &secrets, &self.aws_account_arn);
        Ok(IntegrationView {
            integration,
            secret_places: secrets.places(),
            check: None,
        })
    }
}

/// Checks that an org token with this name exists.
pub(crate) async fn check_named_token(
    conn: &mut Conn,
    caller: &Caller,
    name: Option<&str>,
) -> Result<(), ServiceError> {
    let Some(name) = name else {
        return Ok(());
    };
    let organization_id = caller.organization_id();
    match conn.find_org_token_by_name(organization_id, name).await? {
        Some(_) => Ok(()),
        None => Err(reject("namedToken", format!("there is no org token {name}")).into()),
    }
}
