//! Whether an integration is enabled and whether it is valid, in a word.

use leptos::prelude::*;

use crate::{model::integrations::integration::ValidationResult, ui::time::DateTime};

/// Enabled or disabled.
#[component]
pub(super) fn EnabledState(enabled: bool) -> impl IntoView {
    if enabled {
        view! { <span class="state state-live">"Enabled"</span> }
    } else {
        view! { <span class="state">"Disabled"</span> }
    }
}

/// The result of the last validation, without the reason of a failure.
#[component]
pub(super) fn ValidationState(validation: ValidationResult) -> impl IntoView {
    match validation {
        ValidationResult::Missing => {
            view! { <span class="quiet">"Not validated"</span> }.into_any()
        }
        ValidationResult::Passed(at) => {
            view! { <span class="state state-live">"Passed"</span> " " <DateTime at /> }.into_any()
        }
        ValidationResult::NotTried(at, _) => {
            view! { <span class="state">"Not tried"</span> " " <DateTime at /> }.into_any()
        }
        ValidationResult::Failed(at, _) => {
            view! { <span class="state state-soon">"Failed"</span> " " <DateTime at /> }.into_any()
        }
    }
}
