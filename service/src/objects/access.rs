//! Access to objects. Every operation checks in the order of docs/contract.md#errors: existence (404), permission (403),
//! validity of the request (400). Nothing is stored unless all of them pass.

use domain::{
    identity::actor::Actor,
    objects::{
        object::Object,
        permissions::{
            Denied, Effective, PermissionChange, PermissionRequest, may_permit, may_write,
        },
    },
    platform::{document::reject, rejection::Rejected},
};
use store::ReadAccess;

use crate::platform::error::ServiceError;

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
