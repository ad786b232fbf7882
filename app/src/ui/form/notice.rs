//! The notice at the top of a page: the result of the form that led to it.

use leptos::prelude::*;

use crate::model::platform::notice::Notice;

/// Success or rejection of the last form. Errors of one field stand beside that field instead.
#[component]
pub fn Banner() -> impl IntoView {
    let notice = use_context::<Notice>().unwrap_or_default();
    let done = notice.done.map(|words| {
        view! { <p class="banner banner-success" role="status">{words}</p> }
    });
    let rejected = notice.rejected.map(|(_, error)| {
        view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }
    });
    (done, rejected)
}
