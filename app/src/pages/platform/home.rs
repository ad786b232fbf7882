//! `/`: on to the dashboards, or to the sign-in form.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::pages::platform::frame::find_viewer;

/// Nothing to see: leads on.
#[component]
pub fn HomePage() -> impl IntoView {
    Suspend::new(async move {
        // Whoever is not signed in has been led to the sign-in form by asking.
        find_viewer()
            .await
            .is_ok()
            .then(|| view! { <Redirect path="/dashboards" /> })
    })
}
