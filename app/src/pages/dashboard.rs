//! temp
use leptos::prelude::*;
/// temp
#[component]
pub fn DashboardPage() -> impl IntoView {}
