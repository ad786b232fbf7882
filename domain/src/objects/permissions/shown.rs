//! How responses show an item's protection (docs/contract.md#permission-fields): `authorizedWriters` and `permissions`.

use std::fmt;

use serde_json::{Value, json};

use super::protection::{AclEntry, Protection, Writers};
use crate::platform::id::{Id, OrganizationId};

const OPEN: &Protection = &Protection::Open;
const INHERIT: &Protection = &Protection::Inherit;

/// What sort of item a protection is of; each shows and reads its permissions a little differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A dashboard group.
    Group,
    /// A dashboard, in this group now.
    Dashboard {
        /// The group it is in.
        group_id: Id,
    },
    /// A detector: it has writers, but no read control and hence no `permissions`.
    Detector,
}

impl Item {
    /// How such an item is protected when nobody asked for anything.
    #[must_use]
    pub const fn default_protection(self) -> &'static Protection {
        match self {
            Self::Group | Self::Detector => OPEN,
            Self::Dashboard { .. } => INHERIT,
        }
    }
}

/// An item's protection as it stands now: what a response shows, and what a request is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentPermissions<'a> {
    /// What the item is.
    pub item: Item,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// What is stored.
    pub protection: &'a Protection,
}

impl CurrentPermissions<'static> {
    /// Of an item that is about to be made: its default. For a dashboard `group_id` is the group it is made in.
    #[must_use]
    pub const fn of_new(item: Item, organization_id: OrganizationId) -> Self {
        Self {
            item,
            organization_id,
            protection: item.default_protection(),
        }
    }
}

impl CurrentPermissions<'_> {
    /// The value of `authorizedWriters`, for every sort of item.
    #[must_use]
    pub fn authorized_writers(&self) -> Value {
        let writers = self.writers();
        json!({ "users": texts(&writers.users), "teams": texts(&writers.teams) })
    }

    /// The value of `permissions`; `None` for a detector, which has no such field.
    #[must_use]
    pub fn permissions(&self) -> Option<Value> {
        let parent = match (self.item, self.protection) {
            (Item::Detector, _) => return None,
            (Item::Dashboard { group_id }, Protection::Inherit) => Some(group_id.to_string()),
            (Item::Dashboard { .. } | Item::Group, _) => None,
        };
        let acl: Vec<Value> = self.entries().iter().map(entry_value).collect();
        Some(json!({ "acl": acl, "parent": parent }))
    }

    /// The writers as shown: none outside the mode that has them.
    pub(super) fn writers(&self) -> Writers {
        match self.protection {
            Protection::Writers(writers) => writers.clone(),
            Protection::Open | Protection::Inherit | Protection::Entries(_) => Writers::default(),
        }
    }

    /// The entries as shown, stored or derived.
    pub(super) fn entries(&self) -> Vec<AclEntry> {
        self.protection.entries(self.organization_id)
    }
}

fn entry_value(entry: &AclEntry) -> Value {
    json!({
        "principalId": entry.principal.id().to_string(),
        "principalType": entry.principal.type_label(),
        "actions": entry.rights.iter().map(|right| right.label()).collect::<Vec<_>>(),
    })
}

fn texts(ids: &[impl fmt::Display]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
