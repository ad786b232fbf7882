//! A browser that waits for a page is shown one, even where none could be made. Everybody else gets the words.
//!
//! Whatever answers in words ([`ApiError::in_words`]) leaves the error on the response; here, at the door, where the
//! request's id is known, it becomes a page.

use app::{
    Assets,
    pages::platform::error_page::{Wrong, error_page},
    request::context::{find_in, theme_cookie_name},
    ui::theme::Theme,
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

use crate::api::platform::error::ApiError;

/// The policy of such a page: its style and its icon, and nothing else.
const STYLE_ONLY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// A request of a browser that waits for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageAsked {
    /// Its address, when asking for it again can do no harm.
    again: Option<String>,
    /// The theme it keeps.
    theme: Theme,
}

impl PageAsked {
    /// Whether a browser waits for a page; a script of ours, a program or an image does not.
    /// `secure` is whether its cookies are.
    pub(crate) fn read(request: &Request, secure: bool) -> Option<Self> {
        waits_for_page(request.headers()).then(|| Self {
            theme: Theme::kept(find_in(request.headers(), theme_cookie_name(secure))),
            again: matches!(*request.method(), Method::GET | Method::HEAD)
                .then(|| request.uri().path_and_query().map(ToString::to_string))
                .flatten(),
        })
    }

    /// The answer as it is, or the page about what went wrong.
    pub(crate) fn show(self, response: Response, assets: &Assets, id: RequestId) -> Response {
        let Some(error) = response.extensions().get::<ApiError>() else {
            return response;
        };
        // What the API says of a failure of ours names a header, which nobody sees on a page.
        let message = match error.status() {
            StatusCode::INTERNAL_SERVER_ERROR => "Something went wrong on our side.",
            _ => error.message(),
        };
        let page = error_page(
            assets,
            self.theme,
            Wrong {
                status: error.status().as_u16(),
                message: message.to_owned(),
                request_id: id.to_string(),
                again: self.again,
            },
        );
        let mut shown = Response::new(Body::from(page));
        *shown.status_mut() = response.status();
        let headers = shown.headers_mut();
        headers.insert(CONTENT_TYPE, HTML);
        headers.insert(CONTENT_SECURITY_POLICY, STYLE_ONLY);
        if let Some(when) = response.headers().get(RETRY_AFTER) {
            headers.insert(RETRY_AFTER, when.clone());
        }
        shown
    }
}

fn waits_for_page(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Method, accept: &'static str) -> Option<PageAsked> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = "http://lan:3000/teams?page=2".parse().unwrap();
        let accept = HeaderValue::from_static(accept);
        request.headers_mut().insert(ACCEPT, accept);
        PageAsked::read(&request, false)
    }

    #[test]
    fn a_browser_waits_for_a_page_and_nobody_else_does() {
        let theme = Theme::System;
        let read = PageAsked {
            again: Some("/teams?page=2".to_owned()),
            theme,
        };
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        assert_eq!(asked(Method::GET, browser), Some(read));
        assert_eq!(
            asked(Method::POST, browser),
            Some(PageAsked { again: None, theme })
        );
        assert_eq!(asked(Method::GET, "*/*"), None);
        assert_eq!(asked(Method::POST, "application/json"), None);
    }
}
