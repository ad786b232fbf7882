//! Parsing of a request's permission fields (docs/contract.md#permission-fields).
//!
//! Clients send back what they last read, and the Terraform provider always sends `authorizedWriters`. Therefore a
//! field that equals the current response asks for no change, whatever the order of its parts.

use std::{collections::HashSet, hash::Hash};

use serde_json::Value;

use super::{
    protection::{AclEntry, Principal, Protection, Right, Writers},
    shown::{CurrentPermissions, Item},
};
use crate::platform::{
    document::Document,
    id::{Id, OrganizationId, TeamId, UserId},
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

/// A `permissions` field that is not empty.
enum GivenPermissions {
    Parent,
    Entries(Vec<AclEntry>),
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

/// `None` when the field is absent or null. An empty object counts as given: no writers.
fn given_writers(document: &Document) -> Result<Option<Writers>, Rejected> {
    let Some(writers) = object(document.get("authorizedWriters"), "authorizedWriters")? else {
        return Ok(None);
    };
    let ids = |member: &str| {
        let field = format!("authorizedWriters.{member}");
        let ids = list(writers.get(member), &field)?.iter().enumerate();
        ids.map(|(index, id)| principal_id(Some(id), format!("{field}[{index}]")))
            .collect::<Result<Vec<Id>, Rejected>>()
    };
    Ok(Some(Writers {
        users: distinct(ids("users")?.into_iter().map(UserId)),
        teams: distinct(ids("teams")?.into_iter().map(TeamId)),
    }))
}

/// `None` when the field is absent, null or empty: neither entries nor a parent.
fn given_permissions(
    document: &Document,
    present: &CurrentPermissions<'_>,
    more_parents: &[Id],
) -> Result<Option<GivenPermissions>, Rejected> {
    let group_id = match present.item {
        // Detectors have no such field, and unknown fields are ignored (docs/contract.md#json).
        Item::Detector => return Ok(None),
        Item::Group => None,
        Item::Dashboard { group_id } => Some(group_id),
    };
    let Some(permissions) = object(document.get("permissions"), "permissions")? else {
        return Ok(None);
    };
    let entries = list(permissions.get("acl"), "permissions.acl")?
        .iter()
        .enumerate()
        .map(|(index, entry)| acl_entry(entry, index, present.organization_id))
        .collect::<Result<Vec<_>, _>>()?;
    let parent = given_parent(permissions)?;
    let Some(parent) = parent else {
        return Ok((!entries.is_empty()).then_some(GivenPermissions::Entries(entries)));
    };
    let Some(group_id) = group_id else {
        return Err(reject(PARENT, "a dashboard group has no parent"));
    };
    if !entries.is_empty() {
        return Err(reject("permissions", "give either acl or parent, not both"));
    }
    if parent != group_id && !more_parents.contains(&parent) {
        return Err(reject(PARENT, "must be the dashboard's own group"));
    }
    Ok(Some(GivenPermissions::Parent))
}

const PARENT: &str = "permissions.parent";

/// Go clients send an absent id as an empty text (docs/contract.md#json).
fn given_parent(permissions: &Document) -> Result<Option<Id>, Rejected> {
    match permissions.get("parent") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        parent => principal_id(parent, PARENT.to_owned()).map(Some),
    }
}

fn acl_entry(
    entry: &Value,
    index: usize,
    organization_id: OrganizationId,
) -> Result<AclEntry, Rejected> {
    let at = format!("permissions.acl[{index}]");
    let Some(entry) = object(Some(entry), &at)? else {
        return Err(reject(at, "must be an object"));
    };
    let id_field = format!("{at}.principalId");
    let id = principal_id(entry.get("principalId"), id_field.clone())?;
    let principal = match entry.get("principalType").and_then(Value::as_str) {
        Some("USER") => Principal::User(UserId(id)),
        Some("TEAM") => Principal::Team(TeamId(id)),
        Some("ORG") if id == organization_id.0 => Principal::Organization(organization_id),
        Some("ORG") => return Err(reject(id_field, "is not this organization")),
        Some(_) | None => {
            let field = format!("{at}.principalType");
            return Err(reject(field, "must be USER, TEAM or ORG"));
        }
    };
    let rights = rights(entry.get("actions"), format!("{at}.actions"))?;
    Ok(AclEntry { principal, rights })
}

fn rights(actions: Option<&Value>, field: String) -> Result<Vec<Right>, Rejected> {
    let actions = list(actions, &field)?.iter();
    let rights: Option<Vec<Right>> = actions
        .map(|action| match action.as_str() {
            Some("READ") => Some(Right::Read),
            Some("WRITE") => Some(Right::Write),
            Some(_) | None => None,
        })
        .collect();
    rights
        .filter(|rights| !rights.is_empty())
        .map(|rights| distinct(rights.into_iter()))
        .ok_or_else(|| reject(field, "must list READ, WRITE or both"))
}

fn principal_id(value: Option<&Value>, field: String) -> Result<Id, Rejected> {
    let Some(text) = value.and_then(Value::as_str) else {
        return Err(reject(field, "must be an id"));
    };
    Id::parse(text).map_err(|refused| reject(field, &format!("Improper ID: {}", refused.0)))
}

fn object<'a>(value: Option<&'a Value>, field: &str) -> Result<Option<&'a Document>, Rejected> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(reject(field, "must be an object")),
    }
}

fn list<'a>(value: Option<&'a Value>, field: &str) -> Result<&'a [Value], Rejected> {
    match value {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(reject(field, "must be a list")),
    }
}

/// The items in order, without duplicates.
fn distinct<T: Eq + Hash + Copy>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    items.filter(|item| seen.insert(*item)).collect()
}

fn reject(field: impl Into<String>, what: &str) -> Rejected {
    let field = field.into();
    let message = format!("{field}: {what}");
    Rejected::field(field, message)
}
