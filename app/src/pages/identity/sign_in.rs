//! `/signin`: the sign-in form, which leads back to the requested page.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::model::platform::address::address;
use crate::{
    error::UiError,
    pages::platform::{frame::SignedOutFrame, sign_out::AnnounceSignOut},
    ui::form::field::Field,
};

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = use_query_map().with_untracked(|query| query.get("next"));
    let next = local_path(next.as_deref()).to_owned();
    let form = sign_in_page(&next);
    view! {
        <SignedOutFrame title="Sign in">
            <AnnounceSignOut />
            {Suspend::new(async move {
                match before_sign_in().await {
                    Ok(SignInNote::Nothing) => ().into_any(),
                    Ok(SignInNote::NotSetUp) => view! { <NotSetUp /> }.into_any(),
                    Ok(SignInNote::TimedOut) => view! { <TimedOut /> }.into_any(),
                    Ok(SignInNote::Elsewhere { public_url }) => view! { <Elsewhere public_url form /> }.into_any(),
                    Err(error) => view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }.into_any(),
                }
            })}
            <form method="post" action=SignIn::url() class="form">
                <input type="hidden" name="next" value=next />
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

#[component]
fn TimedOut() -> impl IntoView {
    view! {
        <div class="banner" role="note">
            <p>"Your session has timed out. Sign in again to continue. The tokens you generated in it are still live."</p>
        </div>
    }
}

#[component]
fn Elsewhere(public_url: String, form: String) -> impl IntoView {
    let href = format!("{public_url}{form}");
    view! {
        <div class="banner banner-error" role="alert">
            <p>
                "Sign in at " <a href=href>{public_url}</a>
                ". A browser that opened this page over plain http discards the session, and this form returns."
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

/// The note of the sign-in page above its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInNote {
    /// None.
    Nothing,
    /// The organization has not been set up.
    NotSetUp,
    /// The session of this browser has timed out.
    TimedOut,
    /// The browser may discard the session, because it used plain http.
    Elsewhere {
        /// The URL where it does not, without a trailing slash.
        public_url: String,
    },
}

/// What the sign-in page says before its form.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "before-sign-in")]
pub async fn before_sign_in() -> Result<SignInNote, UiError> {
    use crate::request;
    let service = request::service()?;
    let current = request::current()?;
    if request::report(service.identity().needs_setup().await)? {
        return Ok(SignInNote::NotSetUp);
    }
    if current.may_discard_cookies {
        return Ok(SignInNote::Elsewhere {
            public_url: current.public_url,
        });
    }
    let cookie = current.session_cookie;
    let has_timed_out = match &cookie {
        Some(cookie) => request::report(service.identity().has_timed_out(cookie.reveal()).await)?,
        None => false,
    };
    Ok(if has_timed_out {
        SignInNote::TimedOut
    } else {
        SignInNote::Nothing
    })
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
    use service::{BrowserCookies, SessionSecret};
    let (service, request) = (request::service()?, request::current()?);
    let browser = request::known_browser();
    let cookies = BrowserCookies {
        session: request.session_cookie.as_ref().map(SessionSecret::reveal),
        browser: browser.as_deref(),
    };
    let opened = service
        .identity()
        .sign_in_from(cookies, &email, &password, &request.meta)
        .await;
    let next = local_path(next.as_deref());
    let mut form = request::Form::on("sign-in", sign_in_page(next))
        .then(next)
        .keeping("email", &email);
    let signed_in = request::report(opened);
    if let Ok(signed_in) = &signed_in {
        request::open_session(signed_in);
        if let Some(failures) = &signed_in.failures {
            form = form.saying(sentence(failures));
        }
    }
    form.ends(signed_in.map(drop))
}

/// The failed sign-ins since the password was entered before, as a sentence.
#[cfg(feature = "ssr")]
pub(super) fn sentence(failures: &service::FailuresSince) -> String {
    let from = match failures.address.as_str() {
        "" => String::new(),
        address => format!(" from {address}"),
    };
    let at = failures.at.to_date_and_time();
    match failures.count {
        1 => {
            format!(
                "A sign-in to your account failed since you last entered your password: {at}{from}."
            )
        }
        count => format!(
            "{count} sign-ins to your account failed since you last entered your password, the last {at}{from}."
        ),
    }
}

/// URL of the sign-in form that leads to this page.
#[must_use]
pub fn sign_in_page(next: &str) -> String {
    if next == "/" {
        "/signin".to_owned()
    } else {
        address("/signin", [("next", next)])
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
