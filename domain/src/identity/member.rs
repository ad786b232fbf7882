//! Requests about members: invitations and changes of roles (docs/contract.md#members).

use serde_json::Value;

use crate::{
    identity::role::{Role, RoleSet},
    platform::{
        document::{Document, reject},
        fields::Fields,
        limits,
        name::{Email, Name},
        rejection::Rejected,
    },
};

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationDraft {
    /// The email address.
    pub email: Email,
    /// The full name, if given; the member may choose another.
    pub full_name: Option<String>,
    /// The job title, if given.
    pub title: Option<String>,
    /// The phone number, if given.
    pub phone: Option<String>,
    /// The roles of the new member.
    pub roles: RoleSet,
}

impl InvitationDraft {
    /// Parses a request that invites one person.
    ///
    /// # Errors
    /// [`Rejected`] names the field that is missing or breaks a rule.
    pub fn read(given: &Document) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let email = fields.required("email", fields.text("email")?)?;
        let change = MemberChange::read(given)?;
        Ok(Self {
            email: Email::parse(email)?,
            full_name: line(&fields, "fullName")?,
            title: line(&fields, "title")?,
            phone: line(&fields, "phone")?,
            roles: change.applied_to(change.roles.unwrap_or_default()),
        })
    }

    /// Parses a request that invites several: `members`, a list of people or of lists of people. All are invited or
    /// none.
    ///
    /// # Errors
    /// [`Rejected`] names the entry that breaks a rule or is invited twice.
    pub fn read_several(given: &Document) -> Result<Vec<Self>, Rejected> {
        let fields = Fields::of(given);
        let members = fields.required("members", fields.list("members")?)?;
        let people = members.iter().flat_map(|member| {
            let several = member.as_array().map(Vec::as_slice);
            several.unwrap_or(std::slice::from_ref(member))
        });
        let mut drafts: Vec<Self> = Vec::new();
        for (index, person) in people.enumerate() {
            let place = format!("members[{index}]");
            if index >= limits::LIST_ITEMS {
                let what = format!("has more than {} items", limits::LIST_ITEMS);
                return Err(fields.reject("members", what));
            }
            let person = person
                .as_object()
                .ok_or_else(|| reject(&place, "must be an object"))?;
            let draft = Self::read(person).map_err(|rejected| Rejected {
                field: format!("{place}.{}", rejected.field),
                message: format!("{place}: {}", rejected.message),
            })?;
            if drafts.iter().any(|other| other.email == draft.email) {
                return Err(reject(format!("{place}.email"), "is already in the list"));
            }
            drafts.push(draft);
        }
        if drafts.is_empty() {
            return Err(fields.reject("members", "is empty"));
        }
        Ok(drafts)
    }
}

/// The change of a member's roles that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberChange {
    /// Whether to be an administrator; `None` when not given.
    admin: Option<bool>,
    /// The new roles; `None` when not given.
    roles: Option<RoleSet>,
}

impl MemberChange {
    /// Parses `admin` and `roles`: titles or role objects, in a list or in `{"roles": […]}`.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule.
    pub fn read(given: &Document) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        Ok(Self {
            admin: fields.truth("admin")?,
            roles: read_roles(&fields)?,
        })
    }

    /// The roles of a member after the change. `admin` takes precedence, and a member without any other role becomes a
    /// power user (docs/contract.md#roles).
    #[must_use]
    pub fn applied_to(&self, present: RoleSet) -> RoleSet {
        let roles = self.roles.unwrap_or(present);
        let roles = match self.admin {
            Some(true) => roles.with(Role::Admin),
            Some(false) => roles.without(Role::Admin),
            None => roles,
        };
        if roles == RoleSet::default() {
            RoleSet::of(&[Role::Power])
        } else {
            roles
        }
    }
}

/// A short text. Go clients send an absent text as an empty one.
fn line(fields: &Fields<'_>, field: &str) -> Result<Option<String>, Rejected> {
    let given = fields.text(field)?.filter(|text| !text.trim().is_empty());
    let name = given.map(|text| Name::parse(field, text)).transpose()?;
    Ok(name.map(|name| name.as_str().to_owned()))
}

fn read_roles(fields: &Fields<'_>) -> Result<Option<RoleSet>, Rejected> {
    let given = match fields.find("roles") {
        Some(Value::Object(wrapped)) => Fields::of(wrapped).list("roles")?,
        _ => fields.list("roles")?,
    };
    let given = given.unwrap_or_default();
    let mut roles = RoleSet::default();
    for role in given {
        let title = role.as_str().or_else(|| role.get("title")?.as_str());
        let role = title.and_then(Role::from_title);
        roles = roles
            .with(role.ok_or_else(|| fields.reject("roles", format!("must be {}", Role::TITLES)))?);
    }
    Ok((!given.is_empty()).then_some(roles))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(given: Value) -> Document {
        given.as_object().unwrap().clone()
    }

    #[test]
    fn an_invitation_requires_only_an_address() {
        let draft = InvitationDraft::read(&document(
            json!({"email": "Ada@Example.com", "fullName": "", "roles": null}),
        ))
        .unwrap();
        assert_eq!(draft.email.as_str(), "ada@example.com");
        assert_eq!(
            (draft.full_name, draft.roles),
            (None, RoleSet::of(&[Role::Power]))
        );
        let draft = InvitationDraft::read(&document(
            json!({"email": "a@b", "admin": true, "title": " Lead "}),
        ))
        .unwrap();
        assert_eq!(
            (draft.title.as_deref(), draft.roles),
            (Some("Lead"), RoleSet::of(&[Role::Admin]))
        );
        for (given, field) in [
            (json!({}), "email"),
            (json!({"email": "no address"}), "email"),
            (json!({"email": 1}), "email"),
            (
                json!({"email": "a@b", "fullName": "x".repeat(101)}),
                "fullName",
            ),
            (json!({"email": "a@b", "admin": "yes"}), "admin"),
            (json!({"email": "a@b", "roles": ["emperor"]}), "roles"),
        ] {
            assert_eq!(
                InvitationDraft::read(&document(given)).unwrap_err().field,
                field
            );
        }
    }

    #[test]
    fn several_invitations_are_parsed_from_a_list_or_a_list_of_lists() {
        let (a, b) = (json!({"email": "a@b"}), json!({"email": "b@b"}));
        for given in [
            json!({"members": [a, b]}),
            json!({"members": [[a, b]]}),
            json!({"members": [[a], [], b]}),
        ] {
            let drafts = InvitationDraft::read_several(&document(given)).unwrap();
            let emails: Vec<_> = drafts.iter().map(|draft| draft.email.as_str()).collect();
            assert_eq!(emails, ["a@b", "b@b"]);
        }
        for (given, field) in [
            (json!({}), "members"),
            (json!({"members": [[]]}), "members"),
            (json!({"members": [a, {"email": "B"}]}), "members[1].email"),
            (
                json!({"members": [a, b, {"email": "A@B"}]}),
                "members[2].email",
            ),
            (json!({"members": ["a@b"]}), "members[0]"),
        ] {
            assert_eq!(
                InvitationDraft::read_several(&document(given))
                    .unwrap_err()
                    .field,
                field
            );
        }
    }

    #[test]
    fn admin_takes_precedence_over_roles() {
        let check = |given: Value, before: &[Role], after: &[Role]| {
            let change = MemberChange::read(&document(given)).unwrap();
            assert_eq!(change.applied_to(RoleSet::of(before)), RoleSet::of(after));
        };
        use Role::{Admin, Power, ReadOnly, Usage};
        check(json!({}), &[Usage], &[Usage]);
        check(json!({"admin": true}), &[Usage], &[Admin, Usage]);
        check(json!({"admin": false}), &[Admin], &[Power]);
        check(json!({"admin": false}), &[Admin, ReadOnly], &[ReadOnly]);
        check(json!({"roles": ["usage"]}), &[Admin], &[Usage]);
        check(
            json!({"roles": {"roles": [{"title": "admin", "id": "x"}]}}),
            &[Power],
            &[Admin],
        );
        check(
            json!({"admin": false, "roles": [{"title": "admin"}]}),
            &[Admin],
            &[Power],
        );
        check(json!({"admin": null, "roles": []}), &[Usage], &[Usage]);
        assert_eq!(
            MemberChange::read(&document(json!({"roles": [{"id": "x"}]})))
                .unwrap_err()
                .field,
            "roles"
        );
    }
}
