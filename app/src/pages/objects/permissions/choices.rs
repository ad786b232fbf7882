//! The choices in the form of permissions: read from stored permissions, read from a posted form, and written as the
//! body of an update.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        object::Object,
        permissions::{AclEntry, Level, Principal, Protection, Right},
    },
    platform::{
        document::Document,
        id::{Id, TeamId, UserId},
    },
};
use leptos::serde_json::{Value, json};
use service::ObjectAccess;

use crate::{error::UiError, request::Posted};

/// The choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PermissionChoices {
    /// `inherit`, `all` or `these`.
    pub(super) mode: String,
    /// What members who are not listed may do: `nothing`, `read` or `write`.
    pub(super) others: String,
    /// The listed users and teams.
    pub(super) rows: Vec<(Principal, Level)>,
}

impl PermissionChoices {
    /// The choices that mean the stored permissions. A dashboard that inherits starts with the permissions of its
    /// group.
    pub(super) fn of(caller: &Caller, stored: &ObjectAccess) -> Self {
        let organization = Principal::Organization(caller.organization_id());
        let inherits = stored.object.protection == Protection::Inherit;
        let (mode, others, rows) = match &stored.protection {
            Protection::Open | Protection::Inherit => ("all", Level::Read, Vec::new()),
            Protection::Writers(writers) => {
                let rows = writers.principals().map(|writer| (writer, Level::Write));
                ("these", Level::Read, rows.collect())
            }
            Protection::Entries(entries) => {
                let others = entries.iter().find(|entry| entry.principal == organization);
                let others = others.map_or(Level::Nothing, level);
                let listed = entries
                    .iter()
                    .filter(|entry| entry.principal != organization);
                let rows: Vec<_> = listed
                    .map(|entry| (entry.principal, level(entry)))
                    .collect();
                if others == Level::Write && rows.is_empty() {
                    ("all", Level::Read, rows)
                } else {
                    ("these", others, rows)
                }
            }
        };
        Self {
            mode: if inherits { "inherit" } else { mode }.to_owned(),
            others: label(others).to_owned(),
            rows,
        }
    }

    /// The posted choices; `None` when the form has none.
    pub(super) fn read(form: &Posted) -> Option<Self> {
        let rows = form.starting("right.").filter_map(|(principal, right)| {
            let (kind, id) = principal.split_once(':')?;
            let id = Id::parse(id).ok()?;
            let principal = match kind {
                "USER" => Principal::User(UserId(id)),
                "TEAM" => Principal::Team(TeamId(id)),
                _ => return None,
            };
            Some((principal, level_of(right)))
        });
        Some(Self {
            mode: form.find("mode")?.to_owned(),
            others: form.text("others").to_owned(),
            rows: rows.collect(),
        })
    }

    /// The stored object with the chosen permissions, as the body of an update (docs/contract.md#permission-fields).
    pub(super) fn document(&self, stored: &ObjectAccess) -> Result<Document, UiError> {
        let object = &stored.object;
        let mut document = object.document.clone();
        document.insert("name".to_owned(), json!(object.name));
        if let (ObjectType::Dashboard, Some(group_id)) = (object.kind, object.parent_id) {
            document.insert("groupId".to_owned(), json!(group_id));
        }
        let (field, value) = match self.mode.as_str() {
            "inherit" => ("permissions", json!({"parent": object.parent_id})),
            "all" | "these" if object.kind == ObjectType::Detector => {
                ("authorizedWriters", self.writers()?)
            }
            "all" | "these" => ("permissions", json!({"acl": self.entries(object)?})),
            _ => return Err(UiError::rejected("mode", "Choose one.")),
        };
        document.insert(field.to_owned(), value);
        Ok(document)
    }

    /// The listed users and teams with a right; none when all members have it.
    fn listed(&self) -> impl Iterator<Item = &(Principal, Level)> {
        let rows = self.rows.iter();
        rows.filter(|(_, level)| self.is_these() && *level != Level::Nothing)
    }

    fn is_these(&self) -> bool {
        self.mode == "these"
    }

    /// The writers of a detector.
    fn writers(&self) -> Result<Value, UiError> {
        if self.is_these() && self.listed().next().is_none() {
            let message = "Add at least one user or team below, or choose all members.";
            return Err(UiError::rejected("mode", message));
        }
        let (mut users, mut teams) = (Vec::new(), Vec::new());
        for (principal, _) in self.listed() {
            match principal {
                Principal::User(id) => users.push(id.0),
                Principal::Team(id) => teams.push(id.0),
                Principal::Organization(_) => {}
            }
        }
        Ok(json!({"users": users, "teams": teams}))
    }

    /// The access control list of a dashboard or a dashboard group.
    fn entries(&self, object: &Object) -> Result<Vec<Value>, UiError> {
        let stored = match &object.protection {
            Protection::Entries(entries) => entries.as_slice(),
            Protection::Open | Protection::Inherit | Protection::Writers(_) => &[],
        };
        let mut entries: Vec<Value> = self
            .listed()
            .map(|(principal, level)| entry(*principal, *level, stored))
            .collect();
        let others = if self.is_these() {
            level_of(&self.others)
        } else {
            Level::Write
        };
        if others != Level::Nothing {
            let organization = Principal::Organization(object.organization_id);
            entries.push(entry(organization, others, stored));
        }
        if entries.is_empty() {
            let message = "Add at least one user or team below, or let all other members read.";
            return Err(UiError::rejected("mode", message));
        }
        Ok(entries)
    }
}

fn level(entry: &AclEntry) -> Level {
    if entry.rights.contains(&Right::Write) {
        Level::Write
    } else {
        Level::Read
    }
}

/// The value of a level in the form.
pub(super) const fn label(level: Level) -> &'static str {
    match level {
        Level::Nothing => "nothing",
        Level::Read => "read",
        Level::Write => "write",
    }
}

fn level_of(label: &str) -> Level {
    match label {
        "write" => Level::Write,
        "read" => Level::Read,
        _ => Level::Nothing,
    }
}

/// An entry of an access control list. A stored entry with the same level keeps its exact rights, so that only chosen
/// changes are saved.
fn entry(principal: Principal, chosen: Level, stored: &[AclEntry]) -> Value {
    let same = stored
        .iter()
        .find(|entry| entry.principal == principal && level(entry) == chosen);
    let rights = match (same, chosen) {
        (Some(entry), _) => entry.rights.clone(),
        (None, Level::Write) => vec![Right::Read, Right::Write],
        (None, Level::Read | Level::Nothing) => vec![Right::Read],
    };
    AclEntry { principal, rights }.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Principal = Principal::User(UserId(Id::from_bits(1)));

    fn choices(mode: &str, rows: &[(Principal, Level)]) -> PermissionChoices {
        PermissionChoices {
            mode: mode.to_owned(),
            others: "nothing".to_owned(),
            rows: rows.to_vec(),
        }
    }

    #[test]
    fn an_entry_with_the_same_level_keeps_its_rights() {
        let stored = [AclEntry {
            principal: ADA,
            rights: vec![Right::Write],
        }];
        let actions = |chosen, stored| entry(ADA, chosen, stored)["actions"].clone();
        assert_eq!(actions(Level::Write, &stored[..]), json!(["WRITE"]));
        assert_eq!(actions(Level::Read, &stored[..]), json!(["READ"]));
        assert_eq!(actions(Level::Write, &[]), json!(["READ", "WRITE"]));
    }

    #[test]
    fn an_empty_list_is_rejected_and_all_members_need_no_list() {
        let empty = choices("these", &[(ADA, Level::Nothing)]);
        assert_eq!(empty.writers().unwrap_err().field(), Some("mode"));
        let ada = choices("these", &[(ADA, Level::Write)]);
        assert_eq!(
            ada.writers().unwrap(),
            json!({"users": [ADA.id()], "teams": []})
        );
        let all_members = choices("all", &[(ADA, Level::Write)]);
        assert_eq!(
            all_members.writers().unwrap(),
            json!({"users": [], "teams": []})
        );
    }

    #[test]
    fn posted_choices_are_read() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let right = format!("right.USER:{}", ADA.id());
        let form = Posted::new(vec![
            field("mode", "these"),
            field("others", "read"),
            field(&right, "write"),
            field("right.ORG:x", "write"),
        ]);
        let read = PermissionChoices::read(&form).unwrap();
        assert_eq!(read.rows, [(ADA, Level::Write)]);
        assert_eq!(PermissionChoices::read(&Posted::default()), None);
    }
}
