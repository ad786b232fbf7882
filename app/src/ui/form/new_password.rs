//! The field in which a user chooses a password.

use domain::platform::limits;
use leptos::prelude::*;

use crate::ui::form::field::Field;

/// A field for a new password, named `password`, with the rules as its hint.
#[component]
pub fn NewPassword(
    /// Name of the form in notices.
    form: &'static str,
    /// Label.
    #[prop(default = "Password")]
    label: &'static str,
) -> impl IntoView {
    let hint = format!(
        "At least {} characters. Several unrelated words work well. Common passwords are rejected.",
        limits::PASSWORD_MIN_CHARACTERS
    );
    view! {
        <Field
            form
            name="password"
            label
            kind="password"
            autocomplete="new-password"
            hint
            max_length=limits::PASSWORD_MAX_CHARACTERS
        />
    }
}
