//! The frame around every page: title, bar, navigation, notice.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::{
    error::UiError,
    model::platform::{notice::Notice, viewer::Viewer},
    pages::platform::sign_out::SignOut,
    ui::{
        form::notice::Banner,
        page::{
            failure::FailedPage,
            mark::Mark,
            navigation::{Bar, Navigation, Section},
            title::window_title,
        },
        time::{Minute, Now},
    },
};

/// Returns a function that provides the context of the page again. Needed inside an island after an `await`, where the
/// context of the page is no longer reachable.
pub fn carry_context() -> impl FnOnce() + Send {
    let provided = use_context::<Viewer>().zip(use_context::<Now>());
    move || {
        if let Some((viewer, now)) = provided {
            provide_context(viewer);
            provide_context(now);
        }
    }
}

/// A page for signed-in users. Others are redirected to the sign-in form, which leads back.
#[component]
pub fn Frame(
    /// The page's title.
    #[prop(into)]
    title: String,
    /// Section of the navigation.
    section: Section,
    /// The page's content. It finds the `Viewer` and the `Notice` in its context.
    children: Children,
) -> impl IntoView {
    Suspend::new(async move {
        match (find_viewer().await, take_notice().await) {
            (Ok(viewer), notice) => {
                provide_context(viewer.clone());
                provide_context(Now(viewer.now));
                provide_context(notice.unwrap_or_default());
                view! {
                    <Title text=title formatter=window_title />
                    <a class="skip" href="#main">"Skip to content"</a>
                    <Bar organization=viewer.organization.clone() />
                    <Navigation viewer=viewer.clone() section sign_out=SignOut::url() />
                    <main id="main" tabindex="-1">
                        <Banner />
                        {children()}
                        <p class="page-time">"Relative times are as of " <Minute at=viewer.now /> "."</p>
                    </main>
                }
                .into_any()
            }
            (Err(error), _) => view! { <FailedPage error /> }.into_any(),
        }
    })
}

/// A page without a signed-in user: one narrow column.
#[component]
pub fn SignedOutFrame(
    /// The page's title and heading.
    title: &'static str,
    /// The page's content. It finds the `Notice` in its context.
    children: Children,
) -> impl IntoView {
    Suspend::new(async move {
        provide_context(take_notice().await.unwrap_or_default());
        view! {
            <Title text=title formatter=window_title />
            <main id="main" class="signed-out">
                <p class="signed-out-brand">
                    <Mark />
                    "Countersign"
                </p>
                <h1>{title}</h1>
                <Banner />
                {children()}
            </main>
        }
    })
}

/// Takes the notice of the last form. It is shown once.
///
/// # Errors
/// None.
#[server(prefix = "/ui", endpoint = "notice/take")]
pub async fn take_notice() -> Result<Notice, UiError> {
    Ok(crate::request::take_notice())
}

/// Whether the caller is signed in, for pages that are public too.
///
/// # Errors
/// [`UiError::Internal`] without a request.
#[server(prefix = "/ui", endpoint = "is-signed-in")]
pub async fn is_signed_in() -> Result<bool, UiError> {
    Ok(crate::request::current()?.caller.is_some())
}

/// Who is signed in. A signed-out browser is redirected to the sign-in form.
///
/// # Errors
/// [`UiError::SignedOut`] when the caller is not signed in.
#[server(prefix = "/ui", endpoint = "viewer")]
pub async fn find_viewer() -> Result<Viewer, UiError> {
    use crate::request;
    let (service, caller) = request::signed_in().inspect_err(|_| request::go_sign_in())?;
    let organization = request::report(service.identity().organization().await)?.name;
    let user = caller.user().ok_or(UiError::SignedOut)?;
    Ok(Viewer {
        user_id: user.id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        roles: user
            .roles
            .iter()
            .map(domain::identity::role::Role::label)
            .collect::<Vec<_>>()
            .join(", "),
        is_administrator: user.roles.is_admin(),
        is_writer: user.roles.is_writer(),
        organization_id: caller.organization_id().to_string(),
        organization,
        theme: request::theme(),
        now: service.now(),
    })
}
