//! Requests about teams (docs/contract.md#teams).

use serde_json::{Value, json};

use crate::platform::{
    document::{Document, kept},
    fields::Fields,
    id::{Id, UserId},
    limits,
    notification::check_notifications,
    rejection::Rejected,
};

/// The fields that a team stores as given, besides name and members. Links are stored with the linked object.
const FIELDS: &[&str] = &["description", "notificationLists"];

const LISTS: &[&str] = &["default", "critical", "major", "minor", "warning", "info"];

/// A parsed request for a team; its members are not looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamDraft {
    /// Its name.
    pub name: String,
    /// Its members; an absent field means no members (docs/contract.md#teams).
    pub members: Vec<UserId>,
    /// The fields stored as given.
    pub document: Document,
}

impl TeamDraft {
    /// Parses a request. `present_name` is the current name of the team.
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

/// Parses the users in `members`.
///
/// # Errors
/// [`Rejected`] when it is not a list of ids, or longer than [`limits::TEAM_MEMBERS`].
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

/// The values in responses for fields that were not given.
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    vec![("description", json!("")), ("notificationLists", json!({}))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_given_lists_are_stored() {
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
    fn each_rejection_names_its_field() {
        let check = |given: Value, field: &str| {
            let rejected = TeamDraft::read(given.as_object().unwrap(), None).unwrap_err();
            assert_eq!(rejected.field, field);
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
