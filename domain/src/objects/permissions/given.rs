//! Reading the permission fields of a request: their form, before they are compared with the stored permissions.

use std::{collections::HashSet, hash::Hash};

use serde_json::Value;

use super::{
    protection::{AclEntry, Principal, Right, Writers},
    shown::{CurrentPermissions, Item},
};
use crate::platform::{
    document::{Document, reject},
    id::{Id, OrganizationId, TeamId, UserId},
    rejection::Rejected,
};

/// A `permissions` field that is not empty.
pub(super) enum GivenPermissions {
    Parent,
    Entries(Vec<AclEntry>),
}

/// `None` when the field is absent or null. An empty object counts as given: no writers.
pub(super) fn given_writers(document: &Document) -> Result<Option<Writers>, Rejected> {
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
pub(super) fn given_permissions(
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
    Id::parse(text).map_err(|rejected| reject(field, format!("Improper ID: {}", rejected.0)))
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
