//! No page has this address.

use leptos::prelude::*;

use crate::{error::UiError, ui::empty::Failure};

/// The page for addresses that no page has.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::host::set_status(404);
    let error = UiError::NotFound("There is no page at this address.".to_owned());
    view! {
        <main id="main" class="door">
            <Failure error />
        </main>
    }
}
