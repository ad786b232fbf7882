//! Schemas of requests about members.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::PageParameters;

/// An invitation.
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

/// Several invitations, of which all or none are created.
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

/// A change of the roles of a member.
#[derive(JsonSchema)]
#[schemars(rename = "MemberChange")]
pub(crate) struct MemberChangeBody {
    /// Whether the member is an administrator; overrides `roles`.
    admin: Option<bool>,
    roles: Option<RolesGiven>,
}

/// Roles, as a list or as an object that contains it.
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

/// Query parameters of the list of members.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct MemberListParameters {
    /// A condition like `email:ada@example.com`, `!sf_role:admin`, with `AND`, `OR` and parentheses.
    query: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
