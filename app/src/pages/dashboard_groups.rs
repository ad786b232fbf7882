//! temp
use leptos::prelude::*;
/// temp
#[component]
pub fn DashboardGroupsPage() -> impl IntoView {}
