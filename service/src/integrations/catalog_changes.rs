//! Creating, updating and deleting integrations (docs/contract.md#integrations). Only administrators may.

use domain::{
    audit::event::{Action, ObjectType},
    identity::actor::Caller,
    integrations::{
        ENCRYPTED, EXTERNAL_ID_LETTERS, IntegrationDraft, Secrets, defaults, masked, named_token,
    },
    objects::{object::Object, permissions::Protection},
    platform::{
        document::{Document, reject, same_content},
        id::Id,
        masked_webhook::unmasked,
    },
};
use serde_json::json;
use store::{Conn, ReadAccess};

use crate::{
    audit::creation::Creation,
    integrations::{catalog::IntegrationView, handle::Integrations, secrets::DecryptedIntegration},
    objects::{changes::event, load::find},
    platform::{error::ServiceError, random},
};

impl Integrations {
    /// Creates an integration.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator, [`ServiceError::Rejected`] when the document
    /// breaks a rule.
    pub async fn create(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<IntegrationView, ServiceError> {
        caller.authorize_administrator()?;
        let mut draft = IntegrationDraft::read(given, None)?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(stored) => return Ok(IntegrationView::from_stored(stored)),
        };
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
        let made = DecryptedIntegration {
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
        let mut view = self.view(caller, encrypted)?;
        // The caller has just given them.
        view.show_secrets();
        self.audit
            .commit_creation(write, caller, event, &view.as_stored())
            .await?;
        Ok(view)
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
        let given = &*unmasked(given, &before.object.document);
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

    /// Deletes an integration. Notifications that refer to it remain, and are sent to no one
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
