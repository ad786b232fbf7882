//! Access to objects. Every operation checks in the order of docs/contract.md#errors: existence (404), permission
//! (403), validity of the request (400). Nothing is stored unless all of them pass.

use domain::{
    identity::actor::{Actor, Caller},
    objects::{
        object::Object,
        permissions::{
            Change, CurrentPermissions, Denied, Effective, Item, PermissionChange,
            PermissionRequest, authorize_update, may_permit, may_write,
        },
    },
    platform::{
        document::{Document, reject},
        rejection::Rejected,
    },
};
use store::{Conn, ReadAccess};

use crate::{objects::load::acting, platform::error::ServiceError};

/// How thoroughly a document is validated without storing it (docs/contract.md#dashboards).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    /// Including the objects it refers to.
    Full,
    /// The document only: the objects it refers to may not exist yet.
    Terraform,
}

impl Validation {
    /// Parses `validationMode`; `FULL` when it is absent.
    ///
    /// # Errors
    /// [`Rejected`] when it is neither `FULL` nor `TERRAFORM`.
    pub fn parse(mode: Option<&str>) -> Result<Self, Rejected> {
        match mode {
            None | Some("FULL") => Ok(Self::Full),
            Some("TERRAFORM") => Ok(Self::Terraform),
            Some(_) => Err(reject("validationMode", "must be FULL or TERRAFORM")),
        }
    }
}

/// Parses the permissions of a request to update an object that has its own, and loads the actor, whose teams matter
/// when the current or the requested permissions name teams.
pub(crate) async fn load_permissions(
    conn: &mut Conn,
    caller: &Caller,
    item: Item,
    object: &Object,
    given: &Document,
) -> Result<(Actor, Result<PermissionRequest, Rejected>), ServiceError> {
    let current = CurrentPermissions {
        item,
        organization_id: object.organization_id,
        protection: &object.protection,
    };
    let permissions = PermissionRequest::read(given, &current);
    let mut protections = vec![&object.protection];
    if let Ok(PermissionRequest::Change(change)) = &permissions {
        protections.push(&change.protection);
    }
    let actor = acting(conn, caller, &protections).await?;
    Ok((actor, permissions))
}

/// Applies a change of permissions to the updated object, and authorizes the update.
pub(crate) fn authorize_change(
    actor: &Actor,
    before: &Object,
    after: &mut Object,
    is_content_changed: bool,
    change: Option<&PermissionChange>,
) -> Result<(), ServiceError> {
    if let Some(change) = change {
        after.protection = change.protection.clone();
    }
    let requested = change.map(|_| effective(after));
    let sort = Change::of(is_content_changed, requested.as_ref());
    authorize_update(actor, &effective(before), sort)?;
    Ok(())
}

/// The parsed request. A caller who may not change anything here gets an error about that, not about the document.
pub(crate) fn well_formed<D>(
    actor: &Actor,
    before: &Effective,
    draft: Result<D, Rejected>,
    permissions: Result<PermissionRequest, Rejected>,
) -> Result<(D, Option<PermissionChange>), ServiceError> {
    let request = draft.and_then(|draft| Ok((draft, permissions?)));
    match request {
        Ok((draft, PermissionRequest::Unchanged)) => Ok((draft, None)),
        Ok((draft, PermissionRequest::Change(change))) => Ok((draft, Some(change))),
        Err(rejected) if may_write(actor, before) || may_permit(actor, before) => {
            Err(rejected.into())
        }
        Err(_) => Err(Denied::Write.into()),
    }
}

/// Read access to an object that has an access control list of its own, or none.
pub(crate) fn own_access(object: &Object) -> ReadAccess {
    ReadAccess {
        access_id: Some(object.id),
        readers: Effective::of(object.organization_id, &object.protection).readers(),
    }
}

/// The effective permissions of an object that has its own, or none.
pub(crate) fn effective(object: &Object) -> Effective {
    Effective::of(object.organization_id, &object.protection)
}

/// The change of permissions in a request, if any.
pub(crate) fn change_of(request: PermissionRequest) -> Option<PermissionChange> {
    match request {
        PermissionRequest::Unchanged => None,
        PermissionRequest::Change(change) => Some(change),
    }
}

impl From<Denied> for ServiceError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied.to_string())
    }
}
