//! What a request says about a team (docs/contract.md#teams).

use serde_json::{Value, json};

use crate::platform::{
    document::{Document, Fields, kept},
    id::{Id, UserId},
    limits,
    notification::check_notifications,
    rejection::Rejected,
};

/// The fields a team keeps as given, besides its name and its members. What it is linked to is kept with the linked.
const FIELDS: &[&str] = &["description", "notificationLists"];

const LISTS: &[&str] = &["default", "critical", "major", "minor", "warning", "info"];

/// A team as a request describes it: well formed, its members not yet looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamDraft {
    /// Its name.
    pub name: String,
    /// Who shall be in it: left out means nobody (docs/contract.md#teams).
    pub members: Vec<UserId>,
    /// What it keeps as given.
    pub document: Document,
}

impl TeamDraft {
    /// Reads a request. `present_name` is the name of the team it changes.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#teams.
    pub fn read(given: &Document, present_name: Option<&str>) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let name = fields.name(present_name)?;
        fields.text("description")?;
        fields.within("notificationLists", |lists| {
            LISTS
                .iter()
                .try_for_each(|list| check_notifications(&lists, list))
        })?;
        let members = read_members(given)?;
        let mut document = kept(given, FIELDS);
        if let Some(Value::Object(lists)) = document.get_mut("notificationLists") {
            *lists = kept(lists, LISTS);
        }
        Ok(Self {
            name,
            members,
            document,
        })
    }
}

/// The users a request names under `members`.
///
/// # Errors
/// [`Rejected`] when it is no list of ids, or a longer one than [`limits::TEAM_MEMBERS`].
pub fn read_members(given: &Document) -> Result<Vec<UserId>, Rejected> {
    let fields = Fields::of(given);
    let ids: Vec<Id> = fields.ids("members")?;
    if ids.len() > limits::TEAM_MEMBERS {
        return Err(fields.reject(
            "members",
            format!("a team has at most {} members", limits::TEAM_MEMBERS),
        ));
    }
    Ok(ids.into_iter().map(UserId).collect())
}

/// What a team shows for a field nobody gave.
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    vec![("description", json!("")), ("notificationLists", json!({}))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lists_that_were_given_are_kept() {
        let given = json!({
            "name": "SRE", "members": ["ENn8SZBA0AA", "ENn8SZBA0AA"], "detectors": ["x"],
            "notificationLists": {"default": [], "critical": [{"type": "Email", "email": "a@example.com"}], "info": null, "odd": 1},
        });
        let draft = TeamDraft::read(given.as_object().unwrap(), None).unwrap();
        assert_eq!(draft.members.len(), 1);
        let lists = draft.document["notificationLists"].as_object().unwrap();
        assert_eq!(lists.keys().collect::<Vec<_>>(), ["default", "critical"]);
    }

    #[test]
    fn each_rule_names_its_field() {
        let check = |given: Value, field: &str| {
            let refused = TeamDraft::read(given.as_object().unwrap(), None).unwrap_err();
            assert_eq!(refused.field, field);
        };
        check(json!({}), "name");
        check(json!({"name": "n", "members": ["x"]}), "members[0]");
        check(
            json!({"name": "n", "notificationLists": []}),
            "notificationLists",
        );
        check(
            json!({"name": "n", "notificationLists": {"minor": [{"type": "Pigeon"}]}}),
            "notificationLists.minor[0].type",
        );
    }
}
