//! The shape of what is asked of sessions.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

/// Who signs in.
#[derive(JsonSchema)]
#[schemars(rename = "SignIn", rename_all = "camelCase")]
pub(crate) struct SignInBody {
    #[schemars(email)]
    email: String,
    password: String,
    /// The organization; theirs if none is given.
    organization_id: Option<String>,
}

/// The password that is and the one that shall be.
#[derive(JsonSchema)]
#[schemars(rename = "PasswordChange", rename_all = "camelCase")]
pub(crate) struct PasswordChangeBody {
    old_password: String,
    new_password: String,
}
