//! The server as pages see it: the `Service`, the request with its caller, headers and cookies.
//!
//! The only file behind `ssr`. Whoever renders [`crate::App`] or runs server functions provides as context
//! [`Service`] and [`RequestContext`], and a page's [`crate::pages::docs::ApiDocument`]; Leptos itself adds the request's
//! parts and the response's options.

pub(crate) mod access_token_form;
pub(crate) mod access_tokens;
pub(crate) mod audit;
pub(crate) mod categories;
pub(crate) mod detectors;
pub(crate) mod integration_form;
pub(crate) mod integrations;
pub(crate) mod members;
mod notices;
pub(crate) mod object_document;
pub(crate) mod object_form;
pub(crate) mod objects;
pub(crate) mod permissions;
pub(crate) mod permissions_form;
mod posted;
mod snippets;
pub(crate) mod teams;
pub(crate) mod tokens;
pub(crate) mod usage;

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::{
    actor::{Caller, RequestFacts},
    id::{Id, SessionId, TokenId},
    role::{Role, RoleSet},
    token::TokenState,
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_router::location::Url;
use service::{IssuedToken, NewMember, Service, ServiceError, TokenView};

pub(crate) use notices::take_notice;
pub use posted::Posted;

use crate::{
    error::UiError,
    pages::account::acts::Generated,
    ui::{notice::Notice, snippet::Snippet, theme::Theme, token_row::TokenRow},
};

/// Seconds a browser keeps a cookie that is to stay: the longest browsers allow. When a session is over, the server decides.
const LASTING_COOKIE_SECONDS: i64 = 400 * 86_400;

/// What the server knows of the request a page or a server function answers.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Its facts, for the record.
    pub facts: RequestFacts,
    /// Who is signed in, if somebody is.
    pub caller: Option<Caller>,
    /// Whether cookies are `Secure` and named `__Host-…`: the public address is https or localhost.
    pub secure_cookies: bool,
    /// The origin people know us by, without a slash at the end: what a link to a page of ours begins with.
    pub public_url: String,
}

/// The name of the cookie that holds the session's secret.
#[must_use]
pub const fn session_cookie_name(secure_cookies: bool) -> &'static str {
    if secure_cookies {
        "__Host-countersign_session"
    } else {
        "countersign_session"
    }
}

/// Whether what a form asked for was denied. Whoever answers forms provides one, and looks at it when they have.
#[derive(Debug, Clone, Default)]
pub struct Denial(Arc<AtomicBool>);

impl Denial {
    /// Whether something was denied.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The cookies of the interface.
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

/// The service.
pub(crate) fn service() -> Result<Service, UiError> {
    use_context::<Service>().ok_or(UiError::Internal)
}

/// The request.
pub(crate) fn request() -> Result<RequestContext, UiError> {
    use_context::<RequestContext>().ok_or(UiError::Internal)
}

/// The service and who is signed in: how every act of a signed-in person begins.
pub(crate) fn signed_in() -> Result<(Service, Caller), UiError> {
    let caller = request()?.caller.ok_or_else(|| {
        set_status(UiError::SignedOut.status());
        UiError::SignedOut
    })?;
    Ok((service()?, caller))
}

/// What the service answered, as the page tells it; the response gets the status that says the same.
pub(crate) fn told<T>(answer: Result<T, ServiceError>) -> Result<T, UiError> {
    answer.map_err(|error| {
        let told = refused(error);
        set_status(told.status());
        told
    })
}

/// What the service refused, as a form tells it that is shown again.
pub(crate) fn refused(error: ServiceError) -> UiError {
    if let ServiceError::Denied(_) = error {
        note_denial();
    }
    in_words(error)
}

/// What the service answered to a question about what is not done yet.
pub(crate) fn in_words(error: ServiceError) -> UiError {
    if let ServiceError::Unavailable(_) | ServiceError::Internal(_) = error {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "A page could not be answered."
        );
    }
    UiError::from(&error)
}

/// Notes that what a form asks for was denied, for whoever answers it to record.
pub(crate) fn note_denial() {
    if let Some(Denial(denied)) = use_context() {
        denied.store(true, Ordering::Relaxed);
    }
}

/// Whether a plain form was posted: the browser itself waits for a page, no script for an answer.
pub(crate) fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepted = parts.headers.get(header::ACCEPT);
        accepted.is_some_and(|value| value.to_str().is_ok_and(|text| text.contains("text/html")))
    })
}

/// What a form leads to: which page, and what that page says.
pub(crate) struct Form {
    name: &'static str,
    done: String,
    refused: String,
    words: Option<String>,
    kept: Vec<(String, String)>,
}

impl Form {
    /// The form of this name, which leads to this page, done or refused.
    pub(crate) fn on(name: &'static str, page: impl Into<String>) -> Self {
        let page = page.into();
        Self {
            name,
            done: page.clone(),
            refused: page,
            words: None,
            kept: Vec::new(),
        }
    }

    /// Leads to this page once it is done.
    pub(crate) fn then(mut self, page: impl Into<String>) -> Self {
        self.done = page.into();
        self
    }

    /// Says this once it is done.
    pub(crate) fn saying(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into());
        self
    }

    /// Keeps what was typed into this field when it is refused.
    pub(crate) fn keeping(mut self, field: &str, value: &str) -> Self {
        self.kept.push((field.to_owned(), value.to_owned()));
        self
    }

    /// Keeps what was ticked under this name when it is refused.
    pub(crate) fn keeping_all(mut self, field: &str, values: &[String]) -> Self {
        let kept = values.iter().map(|value| (field.to_owned(), value.clone()));
        self.kept.extend(kept);
        self
    }

    /// Ends the form: a plain one is led to its page with a notice, a script gets the result as it is.
    pub(crate) fn ends<T>(self, result: Result<T, UiError>) -> Result<T, UiError> {
        if is_plain_form() {
            let notice = match &result {
                Ok(_) => self.words.map(Notice::done),
                Err(error) => Some(Notice::refused(self.name, error.clone(), self.kept)),
            };
            if let Some(notice) = notice {
                notices::hand_over(&notice);
            }
            see_other(if result.is_ok() {
                &self.done
            } else {
                &self.refused
            });
        }
        result
    }
}

/// Ends a form that was posted to its own page and is done: leads to this page, which says so.
pub(crate) fn lead_to(page: &str, words: String) {
    notices::hand_over(&Notice::done(words));
    see_other(page);
}

/// What a list is sorted by, and whether the other way round: `-created`.
pub(crate) fn sorted_by(sort: &str) -> (&str, bool) {
    match sort.strip_prefix('-') {
        Some(field) => (field, true),
        None => (sort, false),
    }
}

/// Leads the browser to this page of ours.
pub(crate) fn see_other(page: &str) {
    if let (Some(response), Ok(location)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(page),
    ) {
        response.insert_header(header::LOCATION, location);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Leads to the sign-in form, and from there back to the page that was asked for.
pub(crate) fn go_sign_in() {
    let asked = use_context::<Parts>()
        .and_then(|parts| parts.uri.path_and_query().map(ToString::to_string))
        .filter(|asked| asked != "/");
    see_other(&asked.map_or_else(
        || "/signin".to_owned(),
        |asked| format!("/signin?next={}", Url::escape(&asked)),
    ));
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
        domain::limits::REVEAL_LIFETIME_SECONDS,
    );
}

/// The sealed token the last form handed over, taken away from the browser as it is read.
pub(crate) fn take_reveal() -> Option<String> {
    take_cookie(Cookie::Reveal)
}

/// Reads a token's id as the form sends it.
pub(crate) fn token_id(text: &str) -> Result<TokenId, UiError> {
    TokenId::parse(text).map_err(|_| {
        set_status(404);
        UiError::NotFound("There is no such token.".to_owned())
    })
}

/// Reads a sign-in's id as the form sends it.
pub(crate) fn session_id(text: &str) -> Result<SessionId, UiError> {
    Id::parse(text).map(SessionId).map_err(|_| {
        set_status(404);
        UiError::NotFound("There is no such sign-in.".to_owned())
    })
}

/// Sets the status of the response.
pub(crate) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}

/// The headers of every page: nothing is kept, and nothing runs or loads that is not ours.
pub(crate) fn send_page_headers() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.insert_header(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
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

fn take_cookie(cookie: Cookie) -> Option<String> {
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

fn set_cookie(cookie: Cookie, value: &str, max_age_seconds: i64) {
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

/// The first administrator, as the setup form describes them.
pub(crate) fn administrator(name: &str, email: &str, password: String) -> NewMember {
    NewMember {
        email: email.to_owned(),
        full_name: name.to_owned(),
        password,
        roles: RoleSet::of(&[Role::Admin]),
    }
}

/// A token just issued, as the page shows it to its owner.
pub(crate) fn generated(caller: &Caller, issued: &IssuedToken) -> Generated {
    let (owner_name, owner_email) = caller
        .user()
        .map(|user| (user.name.clone(), user.email.clone()))
        .unwrap_or_default();
    let row = TokenRow {
        token: issued.token.clone(),
        state: TokenState::Active,
        owner_name,
        owner_email,
    };
    Generated {
        secret: issued.secret.reveal().to_owned(),
        snippets: snippets::written(snippets_with(&row.mask())),
        row,
    }
}

/// The same, with the ways to use it where no script can put the secret in.
pub(crate) fn generated_with_snippets(
    caller: &Caller,
    issued: &IssuedToken,
) -> (Generated, Vec<Snippet>) {
    let snippets = snippets_with(issued.secret.reveal());
    (generated(caller, issued), snippets)
}

/// The ways to use a token here, with this where it belongs.
fn snippets_with(token: &str) -> Vec<Snippet> {
    let here = request().map(|request| request.public_url);
    here.map_or_else(|_| Vec::new(), |here| snippets::of_token(&here, token))
}

impl From<TokenView> for TokenRow {
    fn from(view: TokenView) -> Self {
        Self {
            token: view.token,
            state: view.state,
            owner_name: view.owner_name,
            owner_email: view.owner_email,
        }
    }
}
