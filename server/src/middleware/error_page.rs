//! A browser that requests a page gets one, even for an error; all other clients get the error as text.
//!
//! A route responds with a [`PlainError`], which stays in the response's extensions. The entry service, where the
//! request id is known, replaces the text with a page.

use app::{
    Assets,
    model::platform::theme::Theme,
    pages::platform::error_page::{Wrong, error_page},
    request::{find_in, theme_cookie_name},
};
use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER},
    },
    response::Response,
};
use domain::platform::id::RequestId;

use super::plain_error::PlainError;

/// The policy of such a page: its style and its icon, and nothing else.
const STYLE_ONLY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// A browser's request for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// Path and query, when a repetition can do no harm.
    retry_path: Option<String>,
    /// The theme of this browser.
    theme: Theme,
}

impl PageRequest {
    /// Returns `None` for clients that expect no page: our own scripts, programs, image loads. `secure` is whether the
    /// browser's cookies are `Secure`.
    pub(crate) fn read(request: &Request, secure: bool) -> Option<Self> {
        accepts_html(request.headers()).then(|| Self {
            theme: Theme::from_cookie(find_in(request.headers(), theme_cookie_name(secure))),
            retry_path: matches!(*request.method(), Method::GET | Method::HEAD)
                .then(|| request.uri().path_and_query().map(ToString::to_string))
                .flatten(),
        })
    }

    /// Replaces a [`PlainError`] with a page; returns other responses unchanged.
    pub(crate) fn render_error(
        self,
        response: Response,
        assets: &Assets,
        id: RequestId,
    ) -> Response {
        let Some(error) = response.extensions().get::<PlainError>() else {
            return response;
        };
        let wrong = Wrong {
            status: error.status.as_u16(),
            message: message(error).to_owned(),
            request_id: id.to_string(),
            again: self.retry_path,
        };
        let mut page = Response::new(Body::from(error_page(assets, self.theme, wrong)));
        *page.status_mut() = response.status();
        let headers = page.headers_mut();
        headers.insert(CONTENT_TYPE, HTML);
        headers.insert(CONTENT_SECURITY_POLICY, STYLE_ONLY);
        if let Some(seconds) = response.headers().get(RETRY_AFTER) {
            headers.insert(RETRY_AFTER, seconds.clone());
        }
        page
    }
}

/// The API's message for a failure of ours names a header, which a page does not show.
fn message(error: &PlainError) -> &str {
    match error.status {
        StatusCode::INTERNAL_SERVER_ERROR => "Something went wrong on our side.",
        _ => &error.message,
    }
}

/// Whether a client prefers a page to the error body of the API.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(ACCEPT).into_iter();
    let ranges = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    let (mut of_html, mut of_json) = (0.0, 0.0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let weight = parts.find_map(weight).unwrap_or(1.0);
        if kind.eq_ignore_ascii_case("text/html") {
            of_html = weight;
        } else if kind.eq_ignore_ascii_case("application/json") {
            of_json = weight;
        }
    }
    of_html > 0.0 && of_html >= of_json
}

/// The weight of a media range (RFC 9110, section 12.4.2). Zero rejects it.
fn weight(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    let is_weight = name.trim().eq_ignore_ascii_case("q");
    is_weight.then(|| value.trim().parse().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: Method, accept: &'static str) -> Option<PageRequest> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = "http://lan:3000/teams?page=2".parse().unwrap();
        let accept = HeaderValue::from_static(accept);
        request.headers_mut().insert(ACCEPT, accept);
        PageRequest::read(&request, false)
    }

    #[test]
    fn only_a_browser_requests_a_page() {
        let theme = Theme::System;
        let expected = PageRequest {
            retry_path: Some("/teams?page=2".to_owned()),
            theme,
        };
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        assert_eq!(read(Method::GET, browser), Some(expected));
        assert_eq!(
            read(Method::POST, browser),
            Some(PageRequest {
                retry_path: None,
                theme
            })
        );
        assert_eq!(read(Method::GET, "*/*"), None);
        assert_eq!(read(Method::POST, "application/json"), None);
        assert_eq!(read(Method::GET, "x-text/html, text/html;q=0"), None);
        assert!(read(Method::GET, "*/*, TEXT/HTML;q=0.1").is_some());
        for prefers_json in [
            "application/json, text/html;q=0.5",
            "text/html; q=0.1, application/json;q=0.2",
        ] {
            assert_eq!(read(Method::GET, prefers_json), None, "{prefers_json}");
        }
        assert!(read(Method::GET, "application/json;q=0.5, text/html;level=1").is_some());
    }
}
