//! temp
use leptos::prelude::*;
/// temp
#[component]
pub fn DashboardsPage() -> impl IntoView {}
