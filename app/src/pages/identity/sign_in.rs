//! `/signin`: the sign-in form, which leads back to the requested page.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    pages::platform::{frame::SignedOutFrame, sign_out::AnnounceSignOut},
    ui::form::field::Field,
};

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = use_query_map().with_untracked(|query| query.get("next"));
    view! {
        <SignedOutFrame title="Sign in">
            <AnnounceSignOut />
            {Suspend::new(async move {
                match is_set_up().await {
                    Ok(true) => ().into_any(),
                    Ok(false) => view! { <NotSetUp /> }.into_any(),
                    Err(error) => view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }.into_any(),
                }
            })}
            <form method="post" action=SignIn::url() class="form">
                <input type="hidden" name="next" value=local_path(next.as_deref()).to_owned() />
                <Field form="sign-in" name="email" label="Email" kind="email" autocomplete="username" focused=true />
                <Field
                    form="sign-in"
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    max_length=domain::platform::limits::PASSWORD_MAX_CHARACTERS
                />
                <button type="submit" class="button button-main">"Sign in"</button>
            </form>
        </SignedOutFrame>
    }
}

#[component]
fn NotSetUp() -> impl IntoView {
    view! {
        <div class="banner" role="note">
            <p>
                "This installation has not been set up yet. Open the set-up link that the server printed when it started; "
                "a restart prints a new one."
            </p>
        </div>
    }
}

/// A path of this site, or its first page, so that a link cannot redirect to another site through the sign-in form.
#[must_use]
pub fn local_path(asked: Option<&str>) -> &str {
    let local = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.starts_with("/ui/")
            && !path.contains('\\')
            && !path.chars().any(char::is_control)
    };
    asked.filter(local).unwrap_or("/")
}

/// Whether the organization has been set up.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "is-set-up")]
pub async fn is_set_up() -> Result<bool, UiError> {
    use crate::request;
    Ok(!request::report(
        request::service()?.identity().needs_setup().await,
    )?)
}

/// Signs in.
///
/// # Errors
/// [`UiError::WrongCredentials`], or [`UiError::Limited`] after too many attempts.
#[server(prefix = "/ui", endpoint = "sign-in")]
pub async fn sign_in(
    /// Email address.
    email: String,
    /// Password.
    password: String,
    /// Path of the requested page.
    next: Option<String>,
) -> Result<(), UiError> {
    use crate::request;
    let (service, request) = (request::service()?, request::current()?);
    let opened = service
        .identity()
        .sign_in(&email, &password, &request.meta)
        .await;
    let done = request::report(opened).map(|opened| request::open_session(opened.cookie.reveal()));
    let next = local_path(next.as_deref());
    let form = request::Form::on("sign-in", sign_in_page(next))
        .then(next)
        .keeping("email", &email);
    form.ends(done)
}

/// URL of the sign-in form that leads to this page.
#[must_use]
pub fn sign_in_page(next: &str) -> String {
    if next == "/" {
        "/signin".to_owned()
    } else {
        format!(
            "/signin?next={}",
            leptos_router::location::Url::escape(next)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in [
            "/",
            "/account",
            "/dashboards?q=a&page=2",
            "/tokens/AAAAAAAAAAA",
        ] {
            assert_eq!(local_path(Some(path)), path);
        }
        for path in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/ui/sign-out",
        ] {
            assert_eq!(local_path(Some(path)), "/", "{path:?}");
        }
        assert_eq!(local_path(None), "/");
    }
}
