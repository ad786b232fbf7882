//! A name that a user chose, in a text of ours.

use leptos::prelude::*;

/// Shows a name whose text direction does not affect the text around it.
#[component]
pub fn Isolated(
    /// The name.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <bdi>{text}</bdi> }
}
