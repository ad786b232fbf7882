//! The cookies of the interface.

use std::borrow::Cow;

use cookie::{SameSite, time::Duration};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use service::SignedIn;

use crate::{
    model::platform::theme::Theme,
    request::context::{RequestContext, current},
};

/// Lifetime of lasting cookies, in seconds: the maximum of browsers. The server decides when a session ends.
const LASTING_COOKIE_SECONDS: i64 = 400 * 86_400;

/// The name of the cookie that holds the session's secret.
#[must_use]
pub const fn session_cookie_name(secure_cookies: bool) -> &'static str {
    if secure_cookies {
        "__Host-countersign_session"
    } else {
        "countersign_session"
    }
}

/// A cookie of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session's secret.
    Session,
    /// The account that has signed in with this browser, encrypted.
    Browser,
    /// An encrypted new token, from the form that issued it to the page that shows it once.
    Reveal,
    /// A part of the notice for the next page.
    Notice(usize),
    /// The theme of this browser.
    Theme,
}

impl Cookie {
    fn name(self, secure: bool) -> Cow<'static, str> {
        match (self, secure) {
            (Self::Session, secure) => session_cookie_name(secure).into(),
            (Self::Browser, true) => "__Host-countersign_browser".into(),
            (Self::Browser, false) => "countersign_browser".into(),
            (Self::Reveal, true) => "__Host-countersign_reveal".into(),
            (Self::Reveal, false) => "countersign_reveal".into(),
            (Self::Theme, secure) => theme_cookie_name(secure).into(),
            (Self::Notice(part), true) => format!("__Host-countersign_notice_{part}").into(),
            (Self::Notice(part), false) => format!("countersign_notice_{part}").into(),
        }
    }
}

/// Sets the cookies after a sign-in.
pub(crate) fn open_session(signed_in: &SignedIn) {
    let secret = signed_in.cookie.reveal();
    set_cookie(Cookie::Session, secret, LASTING_COOKIE_SECONDS);
    set_cookie(Cookie::Browser, &signed_in.browser, LASTING_COOKIE_SECONDS);
}

/// Reads the cookie that states which account has signed in with this browser.
pub(crate) fn known_browser() -> Option<String> {
    find_cookie(Cookie::Browser)
}

/// Deletes the session cookie.
pub(crate) fn close_session() {
    set_cookie(Cookie::Session, "", 0);
}

/// Stores an encrypted token for the next page.
pub(crate) fn hand_over_reveal(encrypted: &str) {
    set_cookie(
        Cookie::Reveal,
        encrypted,
        domain::platform::limits::REVEAL_LIFETIME_SECONDS,
    );
}

/// Reads the encrypted token that the last form stored, and deletes its cookie.
pub(crate) fn take_reveal() -> Option<String> {
    take_cookie(Cookie::Reveal)
}

/// Stores the theme of this browser.
pub(crate) fn keep_theme(theme: Theme) {
    set_cookie(Cookie::Theme, theme.label(), LASTING_COOKIE_SECONDS);
}

/// The name of the cookie that holds the theme.
#[must_use]
pub const fn theme_cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-countersign_theme"
    } else {
        "countersign_theme"
    }
}

/// The theme of this browser.
#[must_use]
pub fn theme() -> Theme {
    Theme::from_cookie(find_cookie(Cookie::Theme).as_deref())
}

/// Reads a cookie and deletes it.
pub(crate) fn take_cookie(cookie: Cookie) -> Option<String> {
    let value = find_cookie(cookie)?;
    set_cookie(cookie, "", 0);
    Some(value)
}

fn find_cookie(cookie: Cookie) -> Option<String> {
    let name = cookie.name(current().ok()?.secure_cookies);
    find_in(&use_context::<Parts>()?.headers, &name).map(str::to_owned)
}

/// Returns the value of the first cookie with this name in a request's headers; an empty value counts as missing.
#[must_use]
pub fn find_in<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(cookie::Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name && !cookie.value().is_empty())?
        .value_raw()
}

/// Sets a cookie for a number of seconds; with 0 the browser deletes it.
pub(crate) fn set_cookie(cookie: Cookie, value: &str, max_age_seconds: i64) {
    let Ok(RequestContext { secure_cookies, .. }) = current() else {
        return;
    };
    let line = cookie::Cookie::build((cookie.name(secure_cookies), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(max_age_seconds))
        .secure(secure_cookies)
        .to_string();
    if let (Some(response), Ok(line)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&line),
    ) {
        response.append_header(header::SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; session=x=y; c="),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(find_in(&headers, "session"), Some("x=y"));
        assert_eq!(find_in(&headers, "b"), Some("2"));
        assert_eq!(find_in(&headers, "c"), None);
        assert_eq!(find_in(&headers, "d"), None);
    }
}
