//! The shape of what is asked of members.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::platform::schema::PageParameters;

/// Somebody to be invited.
#[derive(JsonSchema)]
#[schemars(rename = "Invitation", rename_all = "camelCase")]
pub(crate) struct InvitationBody {
    #[schemars(email)]
    email: String,
    #[schemars(length(max = 100))]
    full_name: Option<String>,
    #[schemars(length(max = 100))]
    title: Option<String>,
    #[schemars(length(max = 100))]
    phone: Option<String>,
    #[schemars(flatten)]
    change: MemberChangeBody,
}

/// Who is to be invited, all or nobody.
#[derive(JsonSchema)]
#[schemars(rename = "Invitations")]
pub(crate) struct InvitationsBody {
    #[schemars(length(min = 1))]
    members: Vec<OneOrSeveral>,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum OneOrSeveral {
    One(InvitationBody),
    Several(Vec<InvitationBody>),
}

/// What a member shall be.
#[derive(JsonSchema)]
#[schemars(rename = "MemberChange")]
pub(crate) struct MemberChangeBody {
    /// Whether to be an administrator; it has the last word on the roles.
    admin: Option<bool>,
    roles: Option<RolesGiven>,
}

/// Roles, in a list or in an object around it.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum RolesGiven {
    List(Vec<RoleGiven>),
    Wrapped { roles: Option<Vec<RoleGiven>> },
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum RoleGiven {
    Title(RoleTitle),
    Role { title: RoleTitle },
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "snake_case")]
pub(crate) enum RoleTitle {
    Admin,
    Power,
    Usage,
    ReadOnly,
}

/// How members are asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct MemberListParameters {
    /// Conditions like `email:ada@example.com`, `!sf_role:admin`, with `AND`, `OR` and parentheses.
    query: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// A field to order by, with `-` before it the other way round.
    order_by: Option<String>,
}
