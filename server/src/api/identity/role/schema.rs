//! Schemas of requests about roles.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::{identity::member::schema::RoleTitle, platform::schema::IdText};

/// Roles to assign or to remove.
#[derive(JsonSchema)]
#[schemars(rename = "RoleGrant", rename_all = "camelCase")]
pub(crate) struct RoleGrantBody {
    object_type: GranteeType,
    #[schemars(length(min = 1))]
    object_ids: Vec<IdText>,
    #[schemars(length(min = 1))]
    role_names: Vec<RoleTitle>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum GranteeType {
    OrgUser,
    NamedToken,
}
