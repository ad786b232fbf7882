//! temp
use leptos::prelude::*;
/// temp
#[component]
pub fn DashboardGroupPage() -> impl IntoView {}
