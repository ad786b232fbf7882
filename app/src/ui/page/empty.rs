//! The empty state of a list or panel.

use leptos::prelude::*;

/// An empty state with the next step.
#[component]
pub fn Empty(
    /// Heading, such as "No tokens yet".
    #[prop(into)]
    title: String,
    /// The next step.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <div class="empty-text">{children()}</div>
        </div>
    }
}
