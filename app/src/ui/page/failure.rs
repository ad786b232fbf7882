//! Errors that replace a page or a part of one.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    error::UiError,
    model::platform::{
        paths::DASHBOARDS,
        viewer::{CurrentRequestId, Viewer},
    },
    ui::page::{mark::Mark, title::window_title},
};

/// An error in place of a page's content.
#[component]
pub fn Failure(
    /// The error.
    error: UiError,
) -> impl IntoView {
    let title = match error {
        UiError::NotFound(_) => "Not found",
        UiError::Denied(_) => "You don't have access",
        UiError::Unavailable | UiError::Unreachable | UiError::Limited(_) => {
            "Temporarily unavailable"
        }
        UiError::SignedOut | UiError::WrongCredentials => "Signed out",
        UiError::PasswordNeeded => "Password needed",
        UiError::Rejected { .. }
        | UiError::Conflict(_)
        | UiError::OutcomeUnknown
        | UiError::Internal => "Something went wrong",
    };
    view! {
        <Title text=title />
        <h1>{title}</h1>
        <div class="empty" role="alert">
            <p class="empty-title">{error.to_string()}</p>
            <div class="empty-text">
                <Suggestion error />
                <p><a href=DASHBOARDS>"Go to the dashboards"</a></p>
                {use_context::<CurrentRequestId>().map(|CurrentRequestId(id)| view! { <RequestId id /> })}
            </div>
        </div>
    }
}

/// The failure of a whole page, where the caller is not known.
#[component]
pub fn FailedPage(
    /// The error.
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

/// What the user can do about the error.
#[component]
fn Suggestion(error: UiError) -> impl IntoView {
    match (error, use_context::<Viewer>()) {
        (UiError::Denied(_), Some(viewer)) => {
            let role = format!("You are {}, with the role {}. ", viewer.name, viewer.roles);
            view! { <p>{role} "An administrator can see it, or give you a role with access."</p> }
                .into_any()
        }
        (UiError::NotFound(_), _) => {
            view! { <p>"It may have been deleted, or the link is incomplete."</p> }.into_any()
        }
        (UiError::Unavailable | UiError::Unreachable | UiError::Limited(_), _) => {
            view! { <p>"Reload this page shortly."</p> }.into_any()
        }
        (
            UiError::Denied(_)
            | UiError::PasswordNeeded
            | UiError::SignedOut
            | UiError::WrongCredentials
            | UiError::Rejected { .. }
            | UiError::Conflict(_)
            | UiError::OutcomeUnknown
            | UiError::Internal,
            _,
        ) => ().into_any(),
    }
}

/// The id under which the server's log and the call log list the request.
#[component]
pub fn RequestId(
    /// Request id.
    id: String,
) -> impl IntoView {
    view! { <p class="request-id">"Request " <code>{id}</code></p> }
}
