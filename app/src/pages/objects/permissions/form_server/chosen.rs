//! What is chosen in the form of permissions: of what is stored, of what was posted, and as a request says it.

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

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    /// `inherit`, `everybody` or `these`.
    pub(super) mode: String,
    /// What everybody who is not named may do.
    pub(super) others: String,
    /// Who is named.
    pub(super) rows: Vec<(Principal, Level)>,
}

impl Chosen {
    /// What is stored, as the form chooses it. A dashboard that goes by its group starts with what the group says.
    pub(super) fn of(caller: &Caller, standing: &ObjectAccess) -> Self {
        let everybody = Principal::Organization(caller.organization_id());
        let inherits = standing.object.protection == Protection::Inherit;
        let (mode, others, rows) = match &standing.protection {
            Protection::Open | Protection::Inherit => ("everybody", Level::Read, Vec::new()),
            Protection::Writers(writers) => {
                let rows = writers.principals().map(|writer| (writer, Level::Write));
                ("these", Level::Read, rows.collect())
            }
            Protection::Entries(entries) => {
                let others = entries.iter().find(|entry| entry.principal == everybody);
                let others = others.map_or(Level::Nothing, level);
                let named = entries.iter().filter(|entry| entry.principal != everybody);
                let rows: Vec<_> = named.map(|entry| (entry.principal, level(entry))).collect();
                if others == Level::Write && rows.is_empty() {
                    ("everybody", Level::Read, rows)
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

    /// What was chosen; `None` when the form is none of ours.
    pub(super) fn read(form: &Posted) -> Option<Self> {
        let rows = form.starting("right.").filter_map(|(who, right)| {
            let (kind, id) = who.split_once(':')?;
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

    /// The object as it is, with the permissions that are chosen, as a request says it
    /// (docs/contract.md#permission-fields).
    pub(super) fn given(&self, standing: &ObjectAccess) -> Result<Document, UiError> {
        let object = &standing.object;
        let mut given = object.document.clone();
        given.insert("name".to_owned(), json!(object.name));
        if let (ObjectType::Dashboard, Some(group_id)) = (object.kind, object.parent_id) {
            given.insert("groupId".to_owned(), json!(group_id));
        }
        let (field, value) = match self.mode.as_str() {
            "inherit" => ("permissions", json!({"parent": object.parent_id})),
            "everybody" | "these" if object.kind == ObjectType::Detector => {
                ("authorizedWriters", self.writers()?)
            }
            "everybody" | "these" => ("permissions", json!({"acl": self.entries(object)?})),
            _ => return Err(UiError::rejected("mode", "Choose one.")),
        };
        given.insert(field.to_owned(), value);
        Ok(given)
    }

    /// Those who are named; nobody is where everybody may.
    fn named(&self) -> impl Iterator<Item = &(Principal, Level)> {
        let rows = self.rows.iter();
        rows.filter(|(_, level)| self.is_these() && *level != Level::Nothing)
    }

    fn is_these(&self) -> bool {
        self.mode == "these"
    }

    /// The writers of a detector.
    fn writers(&self) -> Result<Value, UiError> {
        if self.is_these() && self.named().next().is_none() {
            let words = "Name at least one person or team below, or choose everybody.";
            return Err(UiError::rejected("mode", words));
        }
        let (mut users, mut teams) = (Vec::new(), Vec::new());
        for (principal, _) in self.named() {
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
            .named()
            .map(|(principal, level)| entry(*principal, *level, stored))
            .collect();
        let others = if self.is_these() {
            level_of(&self.others)
        } else {
            Level::Write
        };
        if others != Level::Nothing {
            let everybody = Principal::Organization(object.organization_id);
            entries.push(entry(everybody, others, stored));
        }
        if entries.is_empty() {
            let words = "Name at least one person or team below, or let everybody else read.";
            return Err(UiError::rejected("mode", words));
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

/// What the form calls a level.
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

/// An entry of an access control list: as it is stored where it means the same, so that nothing changes that was not
/// chosen.
fn entry(principal: Principal, chosen: Level, stored: &[AclEntry]) -> Value {
    let same = stored
        .iter()
        .find(|entry| entry.principal == principal && level(entry) == chosen);
    let rights: Vec<&str> = match (same, chosen) {
        (Some(entry), _) => entry.rights.iter().map(|right| right.label()).collect(),
        (None, Level::Write) => vec!["READ", "WRITE"],
        (None, Level::Read | Level::Nothing) => vec!["READ"],
    };
    json!({"principalId": principal.id(), "principalType": principal.type_label(), "actions": rights})
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Principal = Principal::User(UserId(Id::from_bits(1)));

    fn chosen(mode: &str, rows: &[(Principal, Level)]) -> Chosen {
        Chosen {
            mode: mode.to_owned(),
            others: "nothing".to_owned(),
            rows: rows.to_vec(),
        }
    }

    #[test]
    fn an_entry_that_means_the_same_stays_as_it_is() {
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
    fn naming_nobody_is_refused_and_everybody_names_nobody() {
        let nobody = chosen("these", &[(ADA, Level::Nothing)]);
        assert_eq!(nobody.writers().unwrap_err().field(), Some("mode"));
        let ada = chosen("these", &[(ADA, Level::Write)]);
        assert_eq!(
            ada.writers().unwrap(),
            json!({"users": [ADA.id()], "teams": []})
        );
        let everybody = chosen("everybody", &[(ADA, Level::Write)]);
        assert_eq!(
            everybody.writers().unwrap(),
            json!({"users": [], "teams": []})
        );
    }

    #[test]
    fn what_was_posted_is_read() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let who = format!("right.USER:{}", ADA.id());
        let form = Posted::new(vec![
            field("mode", "these"),
            field("others", "read"),
            field(&who, "write"),
            field("right.ORG:x", "write"),
        ]);
        let read = Chosen::read(&form).unwrap();
        assert_eq!(read.rows, [(ADA, Level::Write)]);
        assert_eq!(Chosen::read(&Posted::default()), None);
    }
}
