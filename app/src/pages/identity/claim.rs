//! Pages that a link with a claim opens: set-up and invitations.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::error::UiError;
use crate::model::platform::address::address;

/// The claim in the URL of the current page; empty if absent.
pub(super) fn claim_in_url() -> String {
    use_query_map()
        .with_untracked(|query| query.get("claim"))
        .unwrap_or_default()
}

/// URL of the page at this path with this claim.
pub(super) fn page_with_claim(path: &str, claim: &str) -> String {
    address(path, [("claim", claim)])
}

/// Shows the form for what a valid claim stands for, or `spent` for a claim that is no longer valid.
pub(super) fn claimed<T, Form, Spent>(
    reading: impl Future<Output = Result<Option<T>, UiError>> + Send + 'static,
    form: impl FnOnce(T) -> Form + Send + 'static,
    spent: impl FnOnce() -> Spent + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    Form: IntoView + 'static,
    Spent: IntoView + 'static,
{
    Suspend::new(async move {
        match reading.await {
            Ok(Some(found)) => form(found).into_any(),
            Ok(None) => spent().into_any(),
            Err(error) => {
                view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }
                    .into_any()
            }
        }
    })
}
