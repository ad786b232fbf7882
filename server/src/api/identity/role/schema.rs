//! The shape of what is asked of roles.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::{identity::member::schema::RoleTitle, platform::schema::IdText};

/// Which roles to give or take, to or from whom.
#[derive(JsonSchema)]
#[schemars(rename = "RoleGrant", rename_all = "camelCase")]
pub(crate) struct RoleGrantBody {
    object_type: Grantee,
    #[schemars(length(min = 1))]
    object_ids: Vec<IdText>,
    #[schemars(length(min = 1))]
    role_names: Vec<RoleTitle>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Grantee {
    OrgUser,
    NamedToken,
}
