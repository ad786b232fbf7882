//! Where something would be and is not: an empty list, a page that is not there, an act that was refused.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::title::window_title;

use crate::{
    error::UiError,
    model::platform::viewer::{Viewer, administrates},
    ui::frame::Mark,
};

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
            <div class="empty-text">{children()}</div>
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
                {request_number()}
            </div>
        </div>
    }
}

/// A whole page that could not be shown, where it is not known who is signed in, if anybody is.
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

/// The number of the request: who runs the server finds by it what its log says.
fn request_number() -> impl IntoView {
    #[cfg(feature = "ssr")]
    return crate::request::current().ok().map(|request| {
        let id = request.meta.id.to_string();
        view! { <crate::pages::platform::error_page::RequestNumber id /> }
    });
}

/// Something only administrators may do; others are told so in these words.
#[component]
pub fn ForAdministrators(
    /// Who does it.
    words: &'static str,
    /// What is done: a form.
    children: Children,
) -> impl IntoView {
    if administrates() {
        children().into_any()
    } else {
        let error = UiError::Denied(words.to_owned());
        #[cfg(feature = "ssr")]
        crate::request::set_status(error.status());
        view! { <Failure error /> }.into_any()
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
            view! { <p>"Reload this page in a moment."</p> }.into_any()
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
