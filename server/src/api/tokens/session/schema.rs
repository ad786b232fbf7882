//! Schemas of requests about sessions.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

/// Credentials of a sign-in.
#[derive(JsonSchema)]
#[schemars(rename = "SignIn", rename_all = "camelCase")]
pub(crate) struct SignInBody {
    #[schemars(email)]
    email: String,
    password: String,
    /// The organization [default: the organization of the user]
    organization_id: Option<String>,
    /// The name of the token (ours), which the audit log and usage show [default: no name]
    name: Option<String>,
}

/// The current password and the new one.
#[derive(JsonSchema)]
#[schemars(rename = "PasswordChange", rename_all = "camelCase")]
pub(crate) struct PasswordChangeBody {
    old_password: String,
    new_password: String,
}
