//! Where something would be and is not: an empty list, a page that is not there, an act that was refused.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::error::UiError;

/// An empty state: what is not there, and what to do next.
#[component]
pub fn Empty(
    /// What is not there.
    #[prop(into)]
    title: String,
    /// The next step.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <div class="empty-words">{children()}</div>
        </div>
    }
}

/// A part of a page that could not be shown, and why.
#[component]
pub fn Failure(
    /// Why.
    error: UiError,
) -> impl IntoView {
    let title = match error {
        UiError::NotFound(_) => "Not found",
        UiError::Denied(_) => "Not for you",
        UiError::Unavailable | UiError::Unreachable | UiError::Limited(_) => "Not right now",
        UiError::SignedOut | UiError::WrongCredentials => "Signed out",
        UiError::Refused { .. } | UiError::Conflict(_) | UiError::Internal => "That did not work",
    };
    view! {
        <Title text=title />
        <h1>{title}</h1>
        <div class="empty" role="alert">
            <p class="empty-title">{error.to_string()}</p>
            <p class="empty-words">
                <a href="/dashboards">"Go to the dashboards"</a>
            </p>
        </div>
    }
}
