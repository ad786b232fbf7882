//! The change of permissions that a request asks for (docs/contract.md#permission-fields).
//!
//! Clients send back what they last read, and the Terraform provider always sends `authorizedWriters`. Therefore a
//! field that equals the current response asks for no change, whatever the order of its parts.

use std::{collections::HashSet, hash::Hash};

use super::{
    given::{GivenPermissions, given_permissions, given_writers},
    protection::{AclEntry, Principal, Protection, Right, Writers},
    shown::{CurrentPermissions, Item},
};
use crate::platform::{
    document::{Document, reject},
    id::Id,
    limits::ACL_ENTRIES,
    rejection::Rejected,
};

/// The change of permissions that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum PermissionRequest {
    /// No change, in the sense of docs/contract.md#decision-table.
    Unchanged,
    /// A change.
    Change(PermissionChange),
}

/// A valid change of permissions that is not authorized yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionChange {
    /// The protection to store.
    pub protection: Protection,
    /// Users and teams that the change adds. Each must exist in the organization, or the request is rejected (400).
    /// Principals that were stored before may be deleted by now and are not checked.
    pub must_exist: Vec<Principal>,
}

impl PermissionRequest {
    /// Parses a request that creates ([`CurrentPermissions::of_new`]) or changes an item.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#permission-fields.
    pub fn read(document: &Document, present: &CurrentPermissions<'_>) -> Result<Self, Rejected> {
        Self::read_with_parents(document, present, &[])
    }

    /// Parses a request that changes a dashboard and may move it to another group. The old group as `parent` means the
    /// same as the new one: the dashboard inherits from its group after the move.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_moving(
        document: &Document,
        present: &CurrentPermissions<'_>,
        new_group_id: Id,
    ) -> Result<Self, Rejected> {
        Self::read_with_parents(document, present, &[new_group_id])
    }

    fn read_with_parents(
        document: &Document,
        present: &CurrentPermissions<'_>,
        more_parents: &[Id],
    ) -> Result<Self, Rejected> {
        let writers = given_writers(document)?.filter(|given| writers_differ(given, present));
        let permissions = given_permissions(document, present, more_parents)?
            .filter(|given| given.differs(present));
        let protection = match (permissions, writers) {
            (None, None) => return Ok(Self::Unchanged),
            (Some(GivenPermissions::Parent), _) => Protection::Inherit,
            (Some(GivenPermissions::Entries(entries)), _) => checked_entries(entries)?,
            (None, Some(writers)) => checked_writers(writers, present.item)?,
        };
        let stored = present.protection.named();
        let mut must_exist = protection.named();
        must_exist.retain(|principal| !stored.contains(principal));
        Ok(Self::Change(PermissionChange {
            protection,
            must_exist,
        }))
    }
}

impl GivenPermissions {
    fn differs(&self, present: &CurrentPermissions<'_>) -> bool {
        match self {
            Self::Parent => *present.protection != Protection::Inherit,
            Self::Entries(entries) => {
                let now = present.entries();
                set(entries.iter().map(meaning)) != set(now.iter().map(meaning))
            }
        }
    }
}

fn writers_differ(given: &Writers, present: &CurrentPermissions<'_>) -> bool {
    set(given.principals()) != set(present.writers().principals())
}

fn meaning(entry: &AclEntry) -> (Principal, [bool; 2]) {
    let rights = [Right::Read, Right::Write].map(|right| entry.rights.contains(&right));
    (entry.principal, rights)
}

fn set<T: Eq + Hash>(items: impl Iterator<Item = T>) -> HashSet<T> {
    items.collect()
}

// Checks that apply only to lists that are stored. A response may have one entry more than a request may add (the
// organization's, beside the writers), and sending it back must be valid.

fn checked_entries(entries: Vec<AclEntry>) -> Result<Protection, Rejected> {
    within_limit("permissions.acl", entries.len())?;
    let mut seen = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        if !seen.insert(entry.principal) {
            let field = format!("permissions.acl[{index}].principalId");
            return Err(reject(field, "the same principal is listed twice"));
        }
    }
    Ok(Protection::Entries(entries))
}

fn checked_writers(writers: Writers, item: Item) -> Result<Protection, Rejected> {
    let count = writers.principals().count();
    if count == 0 {
        return Ok(item.default_protection().clone());
    }
    within_limit("authorizedWriters", count)?;
    Ok(Protection::Writers(writers))
}

fn within_limit(field: &str, count: usize) -> Result<(), Rejected> {
    if count > ACL_ENTRIES {
        let what = format!("{count} entries; at most {ACL_ENTRIES} are allowed");
        return Err(reject(field, &what));
    }
    Ok(())
}
