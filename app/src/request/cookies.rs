//! The cookies of the interface.

use std::borrow::Cow;

use http::{HeaderValue, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::request::context::{RequestContext, request};
use crate::ui::theme::Theme;

/// Seconds a browser keeps a cookie that is to stay: the longest browsers allow. When a session is over, the server decides.
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
    /// A sealed token on its one way from the form to the page that shows it.
    Reveal,
    /// A part of what became of a form, on its way to the next page.
    Notice(usize),
    /// The theme of this browser.
    Theme,
}

impl Cookie {
    fn name(self, secure: bool) -> Cow<'static, str> {
        match (self, secure) {
            (Self::Session, secure) => session_cookie_name(secure).into(),
            (Self::Reveal, true) => "__Host-countersign_reveal".into(),
            (Self::Reveal, false) => "countersign_reveal".into(),
            (Self::Theme, secure) => theme_cookie_name(secure).into(),
            (Self::Notice(part), true) => format!("__Host-countersign_notice_{part}").into(),
            (Self::Notice(part), false) => format!("countersign_notice_{part}").into(),
        }
    }
}

/// Opens the signed-in browser: the secret goes into its cookie.
pub(crate) fn open_session(secret: &str) {
    set_cookie(Cookie::Session, secret, LASTING_COOKIE_SECONDS);
}

/// Takes the session's cookie away.
pub(crate) fn close_session() {
    set_cookie(Cookie::Session, "", 0);
}

/// Hands a sealed token to the next page.
pub(crate) fn hand_over_reveal(sealed: &str) {
    set_cookie(
        Cookie::Reveal,
        sealed,
        domain::platform::limits::REVEAL_LIFETIME_SECONDS,
    );
}

/// The sealed token the last form handed over, taken away from the browser as it is read.
pub(crate) fn take_reveal() -> Option<String> {
    take_cookie(Cookie::Reveal)
}

/// Keeps the theme in this browser.
pub(crate) fn keep_theme(theme: Theme) {
    set_cookie(Cookie::Theme, theme.label(), LASTING_COOKIE_SECONDS);
}

/// The name of the cookie that keeps the theme.
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
    Theme::kept(find_cookie(Cookie::Theme).as_deref())
}

/// What a cookie says, taken away from the browser as it is read.
pub(crate) fn take_cookie(cookie: Cookie) -> Option<String> {
    let value = find_cookie(cookie)?;
    set_cookie(cookie, "", 0);
    Some(value)
}

fn find_cookie(cookie: Cookie) -> Option<String> {
    let name = cookie.name(request().ok()?.secure_cookies);
    use_context::<Parts>()?
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (name == key && !value.is_empty()).then(|| value.to_owned()))
}

/// Has the browser keep this for so many seconds; for none, it forgets it.
pub(crate) fn set_cookie(cookie: Cookie, value: &str, max_age_seconds: i64) {
    let Ok(RequestContext { secure_cookies, .. }) = request() else {
        return;
    };
    let name = cookie.name(secure_cookies);
    let secure = if secure_cookies { "; Secure" } else { "" };
    let line = format!(
        "{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}"
    );
    if let (Some(response), Ok(line)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&line),
    ) {
        response.append_header(header::SET_COOKIE, line);
    }
}
