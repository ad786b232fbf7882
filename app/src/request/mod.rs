//! The HTTP request behind a page or a server function, on the server.
//!
//! Start with [`context`]. A server function calls [`signed_in`], then the service, and passes the result to
//! [`report`] (a page) or to [`Form`] (a form). A page that can do without an object passes the result of the lookup
//! to [`if_visible`], so that an outage is not shown as a missing object.
//!
//! The server provides [`RequestContext`] and `service::Service` as context, and for pages
//! [`crate::pages::platform::docs::ApiDocument`]; Leptos adds the request's parts and the response's options.
//!
//! May use `model` and `error`.

pub mod context;
mod cookies;
mod form;
mod notices;
pub(crate) mod parameters;
mod posted;
mod report;
mod response;

pub use context::RequestContext;
pub(crate) use context::{current, service, signed_in};
pub(crate) use cookies::{
    close_session, hand_over_reveal, keep_theme, known_browser, open_session, take_reveal,
};
pub use cookies::{find_in, session_cookie_name, theme, theme_cookie_name};
pub(crate) use form::{Form, redirect_with_notice};
pub(crate) use notices::take_notice;
pub use posted::Posted;
pub(crate) use posted::posted;
pub use report::Denial;
pub(crate) use report::{if_visible, rejection, report, report_denial, to_ui};
pub(crate) use response::{go_sign_in, is_plain_form, send_page_headers, set_status};
