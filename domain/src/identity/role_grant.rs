//! Requests that assign or remove roles (docs/contract.md#roles), and the roles that result.

use crate::{
    identity::role::{Role, RoleSet},
    platform::{
        document::{Document, reject},
        fields::Fields,
        id::Id,
        rejection::Rejected,
    },
};

/// What the ids of a request identify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grantee {
    /// Members of the organization.
    Member,
    /// Org tokens.
    OrgToken,
}

/// Roles to assign or to remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleGrant {
    /// What the ids identify.
    pub grantee: Grantee,
    /// The ids, each once.
    pub ids: Vec<Id>,
    /// The roles.
    pub roles: RoleSet,
}

impl RoleGrant {
    /// Parses `objectType`, `objectIds` and `roleNames`.
    ///
    /// # Errors
    /// [`Rejected`] names the field that is missing or breaks a rule.
    pub fn read(given: &Document) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let kind = fields.word("objectType", &["OrgUser", "NamedToken"])?;
        let grantee = match fields.required("objectType", kind)? {
            "OrgUser" => Grantee::Member,
            _ => Grantee::OrgToken,
        };
        let ids = fields.ids("objectIds")?;
        if ids.is_empty() {
            return Err(fields.reject("objectIds", "is missing or empty"));
        }
        let mut roles = RoleSet::default();
        for title in fields.texts("roleNames")? {
            let role = Role::from_title(title);
            let what = || fields.reject("roleNames", format!("{title} must be {}", Role::TITLES));
            roles = roles.with(role.ok_or_else(what)?);
        }
        if roles == RoleSet::default() {
            return Err(fields.reject("roleNames", "is missing or empty"));
        }
        if grantee == Grantee::OrgToken && roles.is_admin() {
            return Err(fields.reject("roleNames", "a token cannot be an administrator"));
        }
        Ok(Self {
            grantee,
            ids,
            roles,
        })
    }

    /// The roles of a member after the roles of the request are assigned.
    #[must_use]
    pub fn assigned_to(&self, present: RoleSet) -> RoleSet {
        self.roles.iter().fold(present, RoleSet::with)
    }

    /// The roles of a member after the roles of the request are removed. A member who was only an administrator becomes
    /// a power user.
    ///
    /// # Errors
    /// [`Rejected`] when no role would remain: a member has at least one.
    pub fn dismissed_from(&self, present: RoleSet) -> Result<RoleSet, Rejected> {
        let left = self.roles.iter().fold(present, RoleSet::without);
        if left != RoleSet::default() || present == left {
            return Ok(left);
        }
        if present.is_admin() && !self.roles.contains(Role::Power) {
            return Ok(RoleSet::of(&[Role::Power]));
        }
        Err(reject("roleNames", "a member has at least one role"))
    }

    /// The role of an org token, which has exactly one, after the request.
    ///
    /// # Errors
    /// [`Rejected`] when the request names several.
    pub fn only_role(&self) -> Result<Role, Rejected> {
        let mut roles = self.roles.iter();
        match (roles.next(), roles.next()) {
            (Some(role), None) => Ok(role),
            (_, _) => Err(reject("roleNames", "a token has one role")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ID: &str = "ENn8SZBA0AA";

    fn read(given: Value) -> Result<RoleGrant, Rejected> {
        RoleGrant::read(given.as_object().unwrap())
    }

    fn of(titles: &[&str]) -> RoleGrant {
        read(json!({"objectType": "OrgUser", "objectIds": [ID], "roleNames": titles})).unwrap()
    }

    #[test]
    fn each_field_is_required_and_checked() {
        assert_eq!(of(&["usage"]).ids, [Id::parse(ID).unwrap()]);
        for (given, field) in [
            (
                json!({"objectIds": [ID], "roleNames": ["usage"]}),
                "objectType",
            ),
            (
                json!({"objectType": "Team", "objectIds": [ID], "roleNames": ["usage"]}),
                "objectType",
            ),
            (
                json!({"objectType": "OrgUser", "roleNames": ["usage"]}),
                "objectIds",
            ),
            (
                json!({"objectType": "OrgUser", "objectIds": ["x"], "roleNames": ["usage"]}),
                "objectIds[0]",
            ),
            (
                json!({"objectType": "OrgUser", "objectIds": [ID]}),
                "roleNames",
            ),
            (
                json!({"objectType": "OrgUser", "objectIds": [ID], "roleNames": ["emperor"]}),
                "roleNames",
            ),
            (
                json!({"objectType": "NamedToken", "objectIds": [ID], "roleNames": ["admin"]}),
                "roleNames",
            ),
        ] {
            assert_eq!(read(given).unwrap_err().field, field);
        }
        assert!(of(&["usage", "power"]).only_role().is_err());
    }

    #[test]
    fn a_member_keeps_at_least_one_role() {
        use Role::{Admin, Power, ReadOnly, Usage};
        let left =
            |taken: &[&str], present: &[Role]| of(taken).dismissed_from(RoleSet::of(present));
        assert_eq!(left(&["admin"], &[Admin]), Ok(RoleSet::of(&[Power])));
        assert_eq!(
            left(&["admin"], &[Admin, ReadOnly]),
            Ok(RoleSet::of(&[ReadOnly]))
        );
        assert_eq!(left(&["usage"], &[Power]), Ok(RoleSet::of(&[Power])));
        assert!(left(&["usage"], &[Usage]).is_err());
        assert!(left(&["admin", "power"], &[Admin, Power]).is_err());
        assert_eq!(
            of(&["usage"]).assigned_to(RoleSet::of(&[Power])),
            RoleSet::of(&[Power, Usage])
        );
    }
}
