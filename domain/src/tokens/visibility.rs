//! Who may see an org token, as a request asks for it (docs/contract.md#org-tokens).

use serde_json::Value;

use crate::{
    objects::permissions::{
        AclEntry, CurrentPermissions, Item, PermissionRequest, Principal, Protection,
    },
    platform::{
        document::{Document, kept},
        fields::Fields,
        id::OrganizationId,
        rejection::Rejected,
    },
};

/// The visibility of an org token that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// No change.
    Unchanged,
    /// Administrators only.
    Administrators,
    /// The principals of these entries too.
    Entries(Vec<AclEntry>),
}

pub(super) fn read_visibility(
    given: &Document,
    organization_id: OrganizationId,
) -> Result<Visibility, Rejected> {
    match given.get("permissions") {
        None => return Ok(Visibility::Unchanged),
        Some(Value::Null) => return Ok(Visibility::Administrators),
        Some(_) => {}
    }
    // Entries have one form everywhere. Compared with an empty list, any given entry is a change.
    let present = CurrentPermissions {
        item: Item::Group,
        organization_id,
        protection: &Protection::Entries(Vec::new()),
    };
    match PermissionRequest::read(&kept(given, &["permissions"]), &present)? {
        PermissionRequest::Change(change) => match change.protection {
            Protection::Entries(entries) => Ok(Visibility::Entries(entries)),
            Protection::Open | Protection::Inherit | Protection::Writers(_) => {
                Ok(Visibility::Administrators)
            }
        },
        PermissionRequest::Unchanged => {
            let fields = Fields::of(given);
            Err(fields.reject("permissions.acl", "must have an entry"))
        }
    }
}

impl Visibility {
    /// The users and teams it names; each must exist.
    #[must_use]
    pub fn named(&self) -> Vec<Principal> {
        match self {
            Self::Unchanged | Self::Administrators => Vec::new(),
            Self::Entries(entries) => Protection::Entries(entries.clone()).named(),
        }
    }
}
