//! Stamps and permissions of objects.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use super::values::{AsGiven, GivenId, IdText};

/// When an object was created and last updated, and by which actor. Only the server sets these fields.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct Stamps {
    /// In milliseconds since 1970.
    created: i64,
    creator: IdText,
    /// In milliseconds since 1970.
    last_updated: i64,
    last_updated_by: IdText,
}

/// Users and teams that may write: the older form of permissions.
#[derive(JsonSchema)]
#[schemars(rename = "AuthorizedWritersGiven")]
pub(crate) struct WritersGiven {
    users: Option<Vec<IdText>>,
    teams: Option<Vec<IdText>>,
}

/// Users and teams that may write: the older form of permissions.
#[derive(JsonSchema)]
#[schemars(rename = "AuthorizedWriters", deny_unknown_fields)]
pub(crate) struct WritersBody {
    users: Vec<IdText>,
    teams: Vec<IdText>,
}

/// Access control entries, or a parent to inherit them from.
#[derive(JsonSchema)]
#[schemars(rename = "PermissionsGiven")]
pub(crate) struct PermissionsGiven {
    #[schemars(length(max = 26))]
    acl: Option<Vec<AclEntryBody>>,
    parent: Option<GivenId>,
}

/// Access control entries, or a parent to inherit them from.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Permissions {
    acl: Vec<AsGiven<AclEntryBody>>,
    parent: Option<IdText>,
}

#[derive(JsonSchema)]
#[schemars(rename = "AclEntry", rename_all = "camelCase")]
pub(crate) struct AclEntryBody {
    principal_id: IdText,
    principal_type: PrincipalType,
    #[schemars(length(min = 1))]
    actions: Vec<AclAction>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum PrincipalType {
    User,
    Team,
    Org,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum AclAction {
    Read,
    Write,
}
