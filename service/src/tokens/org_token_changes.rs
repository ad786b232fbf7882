//! Issuing, updating, rotating and deleting org tokens in the API (docs/contract.md#org-tokens).

use std::slice;

use domain::{
    audit::event::Action,
    identity::{actor::Caller, role::Role},
    objects::permissions::AclEntry,
    platform::{
        document::{Document, reject, same_content},
        masked_webhook::unmasked,
        rejection::Rejected,
    },
    tokens::org_token::{OrgTokenDraft, Rotation, Visibility, defaults},
};
use store::{Conn, OrgToken};
use zeroize::Zeroizing;

use crate::{
    audit::creation::Creation,
    objects::references::check_principals,
    platform::error::ServiceError,
    tokens::{
        handle::OrgTokens,
        org_token_api::{OrgTokenView, find, revealed_secrets},
        org_tokens::{NewOrgToken, USUAL_LIFETIME_SECONDS, check_name, org_token_event},
    },
};

impl OrgTokens {
    /// Issues an org token.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator, [`ServiceError::Rejected`] when the document
    /// breaks a rule or the name is taken.
    pub async fn issue(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<OrgTokenView, ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let draft = OrgTokenDraft::read(given, None, caller.organization_id())?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(stored) => return Ok(OrgTokenView::from_stored(stored)),
        };
        check_named(&mut write, caller, &draft.visibility, None).await?;
        let new = NewOrgToken {
            auth_scopes: draft.scopes_or_default(),
            name: draft.name,
            role: draft.role.unwrap_or(Role::Power),
            disabled: draft.disabled,
            acl: acl_after(draft.visibility, None),
            lifetime_seconds: draft.lifetime_seconds.unwrap_or(USUAL_LIFETIME_SECONDS),
            document: draft.document,
        };
        let (issued, event) = self.insert(&mut write, caller, new).await?;
        let view = OrgTokenView {
            secret: Some(Zeroizing::new(issued.secret.reveal().to_owned())),
            token: issued.token,
            exceeding_limits: false,
        };
        self.audit
            .commit_creation(write, caller, event, &view.as_stored())
            .await?;
        Ok(view)
    }

    /// Updates an org token. Its scopes, its secrets and its expiry do not change, nor do its access list and role when
    /// the request omits them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator,
    /// [`ServiceError::Rejected`] when the document breaks a rule, has other scopes, or the name is taken.
    pub async fn update(
        &self,
        caller: &Caller,
        name: &str,
        given: &Document,
    ) -> Result<OrgTokenView, ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = self.platform.store().write().await?;
        let before = find(&mut write, caller, name).await?;
        let given = &*unmasked(given, &before.document);
        let draft = OrgTokenDraft::read(given, Some(&before.name), before.organization_id)?;
        if draft
            .auth_scopes
            .as_ref()
            .is_some_and(|scopes| !same_scopes(scopes, &before))
        {
            return Err(reject("authScopes", "cannot change").into());
        }
        if draft.name != before.name {
            check_name(&mut write, caller, &draft.name, Some(before.id)).await?;
        }
        check_named(&mut write, caller, &draft.visibility, before.acl.as_ref()).await?;
        let mut after = before.clone();
        after.name = draft.name;
        after.disabled_at = draft
            .disabled
            .then(|| before.disabled_at.unwrap_or_else(|| self.platform.now()));
        after.role = draft.role.unwrap_or(before.role);
        after.acl = acl_after(draft.visibility, before.acl.clone());
        if !same_content(&before.document, &draft.document, &defaults()) {
            after.document = draft.document;
        }
        let mut events = Vec::new();
        if after != before {
            after.updated = self.platform.stamp(caller);
            write.update_org_token(&after).await?;
            let (action, is) = (Action::Update, Some(&after));
            events.push(org_token_event(caller, action, Some(&before), is, &after));
        }
        let view = self.view(&mut write, caller, after).await?;
        let revealed = revealed_secrets(caller, slice::from_ref(&view));
        events.extend(
            self.audit
                .reveal_events(&mut write, caller, revealed)
                .await?,
        );
        self.audit.commit_changes(write, events).await?;
        Ok(view)
    }

    /// Issues a new secret for an org token and sets its expiry. The old secrets remain valid as long as the rotation
    /// says.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator,
    /// [`ServiceError::Rejected`] once the token has expired.
    pub async fn rotate(
        &self,
        caller: &Caller,
        name: &str,
        rotation: Rotation,
    ) -> Result<OrgTokenView, ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(stored) => return Ok(OrgTokenView::from_stored(stored)),
        };
        let before = find(&mut write, caller, name).await?;
        let stamp = self.platform.stamp(caller);
        if stamp.at >= before.expires_at {
            return Err(Rejected::whole("An expired token cannot be rotated.").into());
        }
        let mut after = before.clone();
        after.rotated_at = stamp.at;
        after.expires_at = stamp.at.plus_seconds(rotation.lifetime_seconds);
        after.updated = stamp;
        let old_ends_at = after.rotated_at.plus_seconds(rotation.graceful_seconds);
        write
            .retire_org_token_secrets(after.id, old_ends_at)
            .await?;
        write.update_org_token(&after).await?;
        let (secret, stored) = self.new_secret(&after);
        write.insert_org_token_secret(after.id, &stored).await?;
        let event = org_token_event(caller, Action::Rotate, Some(&before), Some(&after), &after);
        let exceeding_limits = self.ingest.is_exceeding_limits(&mut write, &after).await?;
        let view = OrgTokenView {
            secret: Some(Zeroizing::new(secret.reveal().to_owned())),
            token: after,
            exceeding_limits,
        };
        self.audit
            .commit_creation(write, caller, event, &view.as_stored())
            .await?;
        Ok(view)
    }

    /// Deletes an org token. It is rejected from now on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn delete(&self, caller: &Caller, name: &str) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = self.platform.store().write().await?;
        let token = find(&mut write, caller, name).await?;
        write.delete_org_token(token.id).await?;
        let mut about = token.clone();
        about.updated = self.platform.stamp(caller);
        let event = org_token_event(caller, Action::Delete, Some(&token), None, &about);
        self.audit.commit(write, event).await
    }
}

fn same_scopes(scopes: &[String], token: &OrgToken) -> bool {
    scopes.len() == token.auth_scopes.len()
        && scopes.iter().all(|scope| token.auth_scopes.contains(scope))
}

fn acl_after(visibility: Visibility, before: Option<Vec<AclEntry>>) -> Option<Vec<AclEntry>> {
    match visibility {
        Visibility::Unchanged => before,
        Visibility::Administrators => None,
        Visibility::Entries(entries) => Some(entries),
    }
}

/// Checks that the users and teams that are new in a token's access list exist.
async fn check_named(
    conn: &mut Conn,
    caller: &Caller,
    visibility: &Visibility,
    before: Option<&Vec<AclEntry>>,
) -> Result<(), ServiceError> {
    let mut must_exist = visibility.named();
    must_exist.retain(|principal| {
        !before.is_some_and(|entries| entries.iter().any(|entry| entry.principal == *principal))
    });
    check_principals(conn, caller, &must_exist).await
}
