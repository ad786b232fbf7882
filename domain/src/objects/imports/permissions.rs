//! Permissions of imported objects. People and teams that are not here are left out. When none of those that the
//! source lists is here, the object is not imported: without a list it would be open to the whole organization.

use serde_json::{Value, json};

use super::{
    kind::ImportKind,
    known::Known,
    not_mapped::NotMapped,
    people::{replace_person, strings},
};
use crate::platform::document::Document;

/// Replaces the permissions of a document by ours.
pub(super) fn map_permissions(
    document: &mut Document,
    known: &Known,
    left_out: &mut Vec<String>,
) -> Result<(), NotMapped> {
    let writers = document.shift_remove("authorizedWriters");
    let permissions = document.shift_remove("permissions");
    let acl = permissions
        .as_ref()
        .and_then(|given| given["acl"].as_array())
        .cloned()
        .unwrap_or_default();
    let parent = permissions
        .as_ref()
        .and_then(|given| given["parent"].as_str());
    let users = strings(writers.as_ref().and_then(|given| given.get("users")));
    let teams = strings(writers.as_ref().and_then(|given| given.get("teams")));
    let lists_writers = !users.is_empty() || !teams.is_empty();
    // The list of writers is the older form: everyone reads. A list of entries may also restrict reading.
    if lists_writers && (acl.is_empty() || acl.iter().any(is_organization)) {
        let writers = mapped_writers(&users, &teams, known, left_out)?;
        document.insert("authorizedWriters".to_owned(), writers);
        return Ok(());
    }
    if writers.is_some() {
        document.insert(
            "authorizedWriters".to_owned(),
            json!({"users": [], "teams": []}),
        );
    }
    if !acl.is_empty() {
        let entries = mapped_entries(&acl, known, left_out)?;
        document.insert("permissions".to_owned(), json!({ "acl": entries }));
    } else if let Some(parent) = parent
        && let Some(group) = known.find(ImportKind::DashboardGroup, parent)
    {
        document.insert("permissions".to_owned(), json!({ "parent": group }));
    }
    Ok(())
}

/// Replaces the writers of a detector, which has no other permissions.
pub(super) fn map_writers(
    document: &mut Document,
    known: &Known,
    left_out: &mut Vec<String>,
) -> Result<(), NotMapped> {
    let permissions = document.shift_remove("permissions");
    let writers = document.get("authorizedWriters");
    let mut users = strings(writers.and_then(|given| given.get("users")));
    let mut teams = strings(writers.and_then(|given| given.get("teams")));
    if users.is_empty() && teams.is_empty() {
        let acl = permissions
            .as_ref()
            .and_then(|given| given["acl"].as_array());
        let may_write = |entry: &&Value| {
            let actions = entry["actions"].as_array();
            actions.is_some_and(|actions| actions.iter().any(|action| action == "WRITE"))
        };
        let entries: Vec<&Value> = acl.into_iter().flatten().filter(may_write).collect();
        if acl.is_some_and(|acl| !acl.is_empty()) && entries.is_empty() {
            return Err(none_left());
        }
        if entries.is_empty() || entries.iter().any(|entry| is_organization(entry)) {
            return Ok(());
        }
        for (principal, ids) in [("USER", &mut users), ("TEAM", &mut teams)] {
            let of_type = entries
                .iter()
                .filter(|entry| entry["principalType"] == principal);
            ids.extend(
                of_type.filter_map(|entry| entry["principalId"].as_str().map(str::to_owned)),
            );
        }
    }
    let writers = mapped_writers(&users, &teams, known, left_out)?;
    document.insert("authorizedWriters".to_owned(), writers);
    Ok(())
}

fn is_organization(entry: &Value) -> bool {
    entry["principalType"] == "ORG"
}

fn mapped_writers(
    users: &[String],
    teams: &[String],
    known: &Known,
    left_out: &mut Vec<String>,
) -> Result<Value, NotMapped> {
    let users: Vec<_> = users
        .iter()
        .filter_map(|user| replace_person(user, "a writer", known, left_out))
        .collect();
    let teams: Vec<_> = teams
        .iter()
        .filter_map(|team| replace_team(team, known, left_out))
        .collect();
    if users.is_empty() && teams.is_empty() {
        return Err(none_left());
    }
    Ok(json!({ "users": users, "teams": teams }))
}

fn mapped_entries(
    acl: &[Value],
    known: &Known,
    left_out: &mut Vec<String>,
) -> Result<Vec<Value>, NotMapped> {
    let mut entries = Vec::new();
    for entry in acl {
        let principal = entry["principalId"].as_str().unwrap_or_default();
        let id = match entry["principalType"].as_str() {
            Some("USER") => replace_person(principal, "a permission", known, left_out),
            Some("TEAM") => replace_team(principal, known, left_out),
            Some("ORG") => Some(known.organization_id.to_string()),
            // Our rules reject other types, and say so.
            Some(_) | None => Some(principal.to_owned()),
        };
        if let Some(id) = id {
            let mut entry = entry.clone();
            entry["principalId"] = id.into();
            entries.push(entry);
        }
    }
    if entries.is_empty() {
        return Err(none_left());
    }
    Ok(entries)
}

fn replace_team(team: &str, known: &Known, left_out: &mut Vec<String>) -> Option<String> {
    let id = known.find(ImportKind::Team, team);
    if id.is_none() {
        left_out.push(format!(
            "a permission of the team {team}, which is not here"
        ));
    }
    id.map(|id| id.to_string())
}

fn none_left() -> NotMapped {
    NotMapped::Failed(
        "none of the people and teams in its permissions is here; without permissions it would be open to all"
            .to_owned(),
    )
}
