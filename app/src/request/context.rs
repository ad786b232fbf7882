//! The server as pages see it: the `Service`, the request with its caller, headers and cookies.
//!
//! The only file behind `ssr`. Whoever renders [`crate::App`] or runs server functions provides as context
//! [`Service`] and [`RequestContext`], and a page's [`crate::pages::platform::docs::ApiDocument`]; Leptos itself adds the request's
//! parts and the response's options.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    identity::{
        actor::{Caller, RequestMeta},
        role::{Role, RoleSet},
    },
    platform::id::{Id, SessionId, TokenId},
    tokens::token::TokenState,
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_router::location::Url;
use service::{IssuedToken, NewMember, Service, ServiceError, TokenView};

pub(crate) use crate::request::cookies::{
    close_session, hand_over_reveal, keep_theme, open_session, take_reveal,
};
pub use crate::request::cookies::{find_in, session_cookie_name, theme, theme_cookie_name};
pub(crate) use crate::request::form::{Form, lead_to};
pub(crate) use crate::request::notices::take_notice;
pub use crate::request::posted::Posted;

use crate::{
    error::UiError,
    pages::tokens::account::actions::Generated,
    ui::{snippet::Snippet, token_row::TokenRow},
};

/// What the server knows of the request a page or a server function answers.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// What audit events keep of the request.
    pub meta: RequestMeta,
    /// Who is signed in, if somebody is.
    pub caller: Option<Caller>,
    /// Whether cookies are `Secure` and named `__Host-…`: the public address is https or localhost.
    pub secure_cookies: bool,
    /// The origin people know us by, without a slash at the end: what a link to a page of ours begins with.
    pub public_url: String,
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
        now: issued.token.created_at,
        owner_name,
        owner_email,
    };
    Generated {
        secret: issued.secret.reveal().to_owned(),
        snippets: crate::pages::tokens::snippets::written(snippets_with(&row.mask())),
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
    here.map_or_else(
        |_| Vec::new(),
        |here| crate::pages::tokens::snippets::of_token(&here, token),
    )
}

impl From<TokenView> for TokenRow {
    fn from(view: TokenView) -> Self {
        Self {
            token: view.token,
            state: view.state,
            now: view.now,
            owner_name: view.owner_name,
            owner_email: view.owner_email,
        }
    }
}
