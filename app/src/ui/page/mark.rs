//! The product's mark.

use leptos::prelude::*;

/// The product's mark: two signatures crossing.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <rect class="mark-background" x="1" y="1" width="22" height="22" rx="6" />
            <path class="mark-line" d="M6.5 13.5l3.2 3.2 7.8-9.4" />
            <path class="mark-line mark-second" d="M6.5 8.6l2.6 2.6" />
        </svg>
    }
}
