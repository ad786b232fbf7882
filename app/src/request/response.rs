//! Status, headers and redirects of the response.

use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;

use crate::model::platform::address::address;
use crate::model::platform::paths::CONFIRM;

/// Whether the request is a form that the browser itself sent, which expects a page, not a script, which expects JSON.
pub(crate) fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepted = parts.headers.get(header::ACCEPT);
        accepted.is_some_and(|value| value.to_str().is_ok_and(|text| text.contains("text/html")))
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

/// Redirects to a page of this site.
pub(crate) fn see_other(page: &str) {
    if let (Some(response), Ok(location)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(page),
    ) {
        response.insert_header(header::LOCATION, location);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Redirects to the sign-in form, which leads back to the requested page.
pub(crate) fn go_sign_in() {
    let requested = use_context::<Parts>()
        .and_then(|parts| parts.uri.path_and_query().map(ToString::to_string))
        .filter(|requested| requested != "/");
    see_other(&requested.map_or_else(
        || "/signin".to_owned(),
        |requested| address("/signin", [("next", requested.as_str())]),
    ));
}

/// Redirects to the page that asks for the password again and leads back to this one.
pub(crate) fn go_confirm(next: &str) {
    see_other(&address(CONFIRM, [("next", next)]));
}

/// The page that this form is on: the browser states it.
pub(crate) fn page_of_form() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let referer: Uri = parts
        .headers
        .get(header::REFERER)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    referer.path_and_query().map(ToString::to_string)
}

/// The address of the requested page; `None` when a form was posted.
pub(crate) fn requested_page() -> Option<String> {
    let parts = use_context::<Parts>().filter(|parts| parts.method == Method::GET)?;
    parts.uri.path_and_query().map(ToString::to_string)
}

/// Adds the headers of every page: nothing is stored, and only scripts and styles of this site load.
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
