//! The permission fields of responses (docs/contract.md#permission-fields): `authorizedWriters` and `permissions`.

use std::fmt;

use serde_json::{Value, json};

use super::protection::{AclEntry, Protection, Writers};
use crate::platform::id::{Id, OrganizationId};

const OPEN: &Protection = &Protection::Open;
const INHERIT: &Protection = &Protection::Inherit;

/// The kind of item, with what its permission fields depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A dashboard group.
    Group,
    /// A dashboard, with its current group.
    Dashboard {
        /// The group.
        group_id: Id,
    },
    /// A detector: it has writers, but no read control and therefore no `permissions`.
    Detector,
}

impl Item {
    /// The default protection.
    #[must_use]
    pub const fn default_protection(self) -> &'static Protection {
        match self {
            Self::Group | Self::Detector => OPEN,
            Self::Dashboard { .. } => INHERIT,
        }
    }
}

/// The current protection of an item: shown in responses, and compared with requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentPermissions<'a> {
    /// The item.
    pub item: Item,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// The stored protection.
    pub protection: &'a Protection,
}

impl CurrentPermissions<'static> {
    /// The permissions of an item to be created: the default. For a dashboard, `group_id` is its new group.
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
    /// The value of `authorizedWriters`.
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
        let acl: Vec<Value> = self.entries().iter().map(AclEntry::to_value).collect();
        Some(json!({ "acl": acl, "parent": parent }))
    }

    /// The writers in a response: none in other modes.
    pub(super) fn writers(&self) -> Writers {
        match self.protection {
            Protection::Writers(writers) => writers.clone(),
            Protection::Open | Protection::Inherit | Protection::Entries(_) => Writers::default(),
        }
    }

    /// The entries in a response, stored or derived.
    pub(super) fn entries(&self) -> Vec<AclEntry> {
        self.protection.entries(self.organization_id)
    }
}

impl AclEntry {
    /// The entry as the API reads and returns it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        json!({
            "principalId": self.principal.id().to_string(),
            "principalType": self.principal.type_label(),
            "actions": self.rights.iter().map(|right| right.label()).collect::<Vec<_>>(),
        })
    }
}

fn texts(ids: &[impl fmt::Display]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
