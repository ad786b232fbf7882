//! `/`: redirects to the dashboards, or to the sign-in form.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::{
    model::platform::paths::DASHBOARDS, pages::platform::frame::find_viewer,
    ui::page::failure::FailedPage,
};

/// Redirects. Without a signed-in user, looking for the viewer has redirected to the sign-in form already.
#[component]
pub fn HomePage() -> impl IntoView {
    Suspend::new(async move {
        match find_viewer().await {
            Ok(_) => view! { <Redirect path=DASHBOARDS /> }.into_any(),
            Err(error) => view! { <FailedPage error /> }.into_any(),
        }
    })
}
