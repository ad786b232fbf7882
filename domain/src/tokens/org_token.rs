//! Requests about org tokens (docs/contract.md#org-tokens), and the names of org tokens in paths.

use serde_json::{Value, json};

use super::visibility::read_visibility;
pub use super::{rotation::Rotation, visibility::Visibility};
use crate::{
    identity::role::Role,
    platform::{
        document::{Document, kept},
        fields::Fields,
        id::OrganizationId,
        limits,
        notification::check_notifications,
        rejection::Rejected,
    },
};

/// The fields that an org token stores as given; the others have columns.
const FIELDS: &[&str] = &["description", "limits", "notifications"];

/// The scopes, in the order of responses.
const SCOPES: &[&str] = &["INGEST", "API", "RUM", "AUDIT"];

/// The scopes that cannot be combined with others: such a token may do nothing else.
const LONE_SCOPES: &[&str] = &["RUM", "AUDIT"];

/// The scopes of a token when none is given (docs/contract.md#choices).
const DEFAULT_SCOPES: &[&str] = &["INGEST", "API"];

/// A parsed request for an org token; its principals are not looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgTokenDraft {
    /// Its name, unique in the organization.
    pub name: String,
    /// Its scopes; `None` when not given.
    pub auth_scopes: Option<Vec<String>>,
    /// Its role on the API; `None` when not given.
    pub role: Option<Role>,
    /// Whether it is disabled.
    pub disabled: bool,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its lifetime in seconds; `None` is the default.
    pub lifetime_seconds: Option<i64>,
    /// The fields stored as given.
    pub document: Document,
}

impl OrgTokenDraft {
    /// Parses a request. `present_name` is the current name of the token.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#org-tokens.
    pub fn read(
        given: &Document,
        present_name: Option<&str>,
        organization_id: OrganizationId,
    ) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let name = fields.name(present_name)?;
        // Clients would resolve such a name as a path segment.
        if name == "." || name == ".." {
            return Err(fields.reject("name", "must not be . or .."));
        }
        fields.text("description")?;
        fields.within("limits", check_limits)?;
        check_notifications(&fields, "notifications")?;
        Ok(Self {
            name,
            auth_scopes: read_scopes(&fields)?,
            role: read_role(&fields)?,
            disabled: fields.truth("disabled")?.unwrap_or_default(),
            visibility: read_visibility(given, organization_id)?,
            lifetime_seconds: fields.whole_number(
                "secondsUntilExpiry",
                1,
                limits::ORG_TOKEN_LIFETIME_SECONDS,
            )?,
            document: kept(given, FIELDS),
        })
    }

    /// The scopes of a new token.
    #[must_use]
    pub fn scopes_or_default(&self) -> Vec<String> {
        let default = || DEFAULT_SCOPES.iter().map(|scope| (*scope).to_owned());
        self.auth_scopes
            .clone()
            .unwrap_or_else(|| default().collect())
    }
}

/// The values in responses for fields that were not given.
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("limits", json!({})),
        ("notifications", json!([])),
    ]
}

/// Unescapes a name once more: the Go client escapes names twice (docs/contract.md#org-tokens). `None` when nothing is
/// escaped, or the result is not valid text.
#[must_use]
pub fn unescaped_again(name: &str) -> Option<String> {
    let bytes = name.as_bytes();
    let (mut decoded, mut place) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(place) {
        let escaped = bytes.get(place + 1..place + 3).filter(|_| *byte == b'%');
        let escaped = escaped.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                place += 3;
            }
            None => {
                decoded.push(*byte);
                place += 1;
            }
        }
    }
    String::from_utf8(decoded)
        .ok()
        .filter(|decoded| decoded != name && !decoded.contains('\0'))
}

/// The names that a path with this name means when there is no org token of this name: unescaped once and twice
/// (docs/contract.md#org-tokens). No two tokens may have names of which one is such a form of the other.
#[must_use]
pub fn unescaped_forms(name: &str) -> Vec<String> {
    let once = unescaped_again(name);
    let twice = once.as_deref().and_then(unescaped_again);
    once.into_iter().chain(twice).collect()
}

fn check_limits(given: Fields<'_>) -> Result<(), Rejected> {
    for field in ["dpmQuota", "dpmNotificationThreshold", "mtsmLimit"] {
        given.whole_number(field, i64::from(i32::MIN), i64::MAX)?;
    }
    given.whole_number("eventSearchesPerMinute", 1, 30)?;
    given.whole_number("jobsPerMinuteLimit", 1, 60)?;
    for field in ["categoryQuota", "categoryNotificationThreshold"] {
        given.within(field, |categories| {
            for category in ["1", "2", "3", "4"] {
                categories.whole_number(category, i64::from(i32::MIN), i64::MAX)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn read_scopes(fields: &Fields<'_>) -> Result<Option<Vec<String>>, Rejected> {
    let given = fields.texts("authScopes")?;
    if let Some(unknown) = given.iter().find(|scope| !SCOPES.contains(scope)) {
        let what = format!("{unknown} must be one of {}", SCOPES.join(", "));
        return Err(fields.reject("authScopes", what));
    }
    let lone = given.iter().find(|scope| LONE_SCOPES.contains(scope));
    if let Some(lone) = lone.filter(|lone| given.iter().any(|scope| scope != *lone)) {
        return Err(fields.reject("authScopes", format!("{lone} stands alone")));
    }
    let scopes = SCOPES.iter().filter(|scope| given.contains(scope));
    let scopes: Vec<String> = scopes.map(|scope| (*scope).to_owned()).collect();
    Ok(Some(scopes).filter(|scopes| !scopes.is_empty()))
}

/// A role by its title, or an object with it. A token has one role, never administrator.
fn read_role(fields: &Fields<'_>) -> Result<Option<Role>, Rejected> {
    let roles = fields.list("roles")?.unwrap_or_default();
    let title = |role: &Value| {
        let title = role.as_str().or_else(|| role.get("title")?.as_str());
        title.and_then(Role::from_title)
    };
    match roles {
        [] => Ok(None),
        [role] => match title(role) {
            Some(Role::Admin) => Err(fields.reject("roles", "a token cannot be an administrator")),
            Some(role) => Ok(Some(role)),
            None => Err(fields.reject("roles", "must be one of power, usage, read_only")),
        },
        [_, _, ..] => Err(fields.reject("roles", "a token has one role")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::id::Id;

    const ORGANIZATION: OrganizationId = OrganizationId(Id::from_bits(1));

    fn read(given: Value) -> Result<OrgTokenDraft, Rejected> {
        OrgTokenDraft::read(given.as_object().unwrap(), None, ORGANIZATION)
    }

    #[test]
    fn scopes_and_role_are_checked() {
        let draft = read(json!({"name": "ci"})).unwrap();
        assert_eq!(draft.scopes_or_default(), ["INGEST", "API"]);
        assert_eq!(draft.visibility, Visibility::Unchanged);
        let draft =
            read(json!({"name": "ci", "authScopes": ["API"], "roles": [{"title": "usage"}]}))
                .unwrap();
        assert_eq!(
            (draft.scopes_or_default(), draft.role),
            (vec!["API".to_owned()], Some(Role::Usage))
        );
        let check = |given: Value, field: &str| assert_eq!(read(given).unwrap_err().field, field);
        check(json!({"name": ".."}), "name");
        check(json!({}), "name");
        check(
            json!({"name": "x", "authScopes": ["RUM", "API"]}),
            "authScopes",
        );
        for others in [["AUDIT", "API"], ["INGEST", "AUDIT"], ["AUDIT", "RUM"]] {
            check(json!({"name": "x", "authScopes": others}), "authScopes");
        }
        let draft = read(json!({"name": "siem", "authScopes": ["AUDIT"]})).unwrap();
        assert_eq!(draft.scopes_or_default(), ["AUDIT"]);
        check(json!({"name": "x", "authScopes": ["ROOT"]}), "authScopes");
        check(json!({"name": "x", "roles": ["admin"]}), "roles");
        check(
            json!({"name": "x", "secondsUntilExpiry": 0}),
            "secondsUntilExpiry",
        );
        check(
            json!({"name": "x", "limits": {"jobsPerMinuteLimit": 61}}),
            "limits.jobsPerMinuteLimit",
        );
        check(
            json!({"name": "x", "limits": {"categoryQuota": {"1": "20"}}}),
            "limits.categoryQuota.1",
        );
        check(
            json!({"name": "x", "notifications": [{}]}),
            "notifications[0].type",
        );
        check(
            json!({"name": "x", "permissions": {"acl": []}}),
            "permissions.acl",
        );
        check(
            json!({"name": "x", "permissions": {"acl": [{"principalId": "x"}]}}),
            "permissions.acl[0].principalId",
        );
    }

    #[test]
    fn visibility_is_kept_set_or_cleared() {
        let entry = json!({"principalId": ORGANIZATION, "principalType": "ORG", "actions": ["READ", "WRITE"]});
        let draft =
            read(json!({"name": "x", "permissions": {"acl": [entry], "parent": null}})).unwrap();
        assert!(matches!(draft.visibility, Visibility::Entries(entries) if entries.len() == 1));
        let draft = read(json!({"name": "x", "permissions": null})).unwrap();
        assert_eq!(draft.visibility, Visibility::Administrators);
    }

    #[test]
    fn a_name_is_unescaped_once_more_only_if_it_is_escaped() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(unescaped_again(name).as_deref(), expected, "{name}");
        };
        check("plain", None);
        check("my%20tok", Some("my tok"));
        check("a%2Fb", Some("a/b"));
        check("100%25+x", Some("100%+x"));
        check("100%", None);
        check("%zz", None);
        check("%C3%BC", Some("ü"));
        check("%ff", None);
        check("%00", None);
    }

    #[test]
    fn a_name_is_unescaped_at_most_twice() {
        assert_eq!(unescaped_forms("plain"), [""; 0]);
        assert_eq!(unescaped_forms("k%41"), ["kA"]);
        assert_eq!(unescaped_forms("a%252520b"), ["a%2520b", "a%20b"]);
    }
}
