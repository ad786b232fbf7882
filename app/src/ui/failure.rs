//! A page, or a part of one, that cannot be shown.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    error::UiError,
    model::platform::viewer::{RequestNumber, Viewer},
    ui::{mark::Mark, title::window_title},
};

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
        UiError::Rejected { .. } | UiError::Conflict(_) | UiError::Internal => "That did not work",
    };
    view! {
        <Title text=title />
        <h1>{title}</h1>
        <div class="empty" role="alert">
            <p class="empty-title">{error.to_string()}</p>
            <div class="empty-text">
                <Helps error />
                <p><a href="/dashboards">"Go to the dashboards"</a></p>
                {use_context::<RequestNumber>().map(|RequestNumber(id)| view! { <RequestId id /> })}
            </div>
        </div>
    }
}

/// The failure of a whole page, where the caller is not known.
#[component]
pub fn FailedPage(
    /// Why.
    error: UiError,
) -> impl IntoView {
    view! {
        <Title formatter=window_title />
        <main id="main" class="signed-out">
            <p class="signed-out-brand">
                <Mark />
                "Countersign"
            </p>
            <Failure error />
        </main>
    }
}

/// What can be done about it.
#[component]
fn Helps(error: UiError) -> impl IntoView {
    match (error, use_context::<Viewer>()) {
        (UiError::Denied(_), Some(viewer)) => {
            let role = format!("You are {}, with the role {}. ", viewer.name, viewer.roles);
            view! { <p>{role} "An administrator can see it, or give you a role that may."</p> }
                .into_any()
        }
        (UiError::NotFound(_), _) => {
            view! { <p>"It may have been deleted, or the link is not whole."</p> }.into_any()
        }
        (UiError::Unavailable | UiError::Unreachable | UiError::Limited(_), _) => {
            view! { <p>"Reload this page shortly."</p> }.into_any()
        }
        (
            UiError::Denied(_)
            | UiError::SignedOut
            | UiError::WrongCredentials
            | UiError::Rejected { .. }
            | UiError::Conflict(_)
            | UiError::Internal,
            _,
        ) => ().into_any(),
    }
}

/// The id under which the log and the call log list the request.
#[component]
pub fn RequestId(
    /// Request id.
    id: String,
) -> impl IntoView {
    view! { <p class="request-id">"Request " <code>{id}</code></p> }
}
