//! The person who views a page, and the request they made.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

use crate::model::platform::theme::Theme;

/// The signed-in user for whom a page is rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// User id.
    pub user_id: String,
    /// Full name.
    pub name: String,
    /// Email address.
    pub email: String,
    /// Labels of the roles, the most powerful first.
    pub roles: String,
    /// Whether the user is an administrator. Decides what a page offers; the service decides what is allowed.
    pub is_administrator: bool,
    /// Whether a role allows changes. Decides what a page offers; the service decides what is allowed.
    pub is_writer: bool,
    /// Organization id.
    pub organization_id: String,
    /// Organization name.
    pub organization: String,
    /// Theme chosen in this browser.
    pub theme: Theme,
    /// Time of the request by the server's clock.
    pub now: Timestamp,
}

/// Whether the viewer is an administrator. Decides what a page offers; the service decides what is allowed.
#[must_use]
pub fn administrates() -> bool {
    use_context::<Viewer>().is_some_and(|viewer| viewer.is_administrator)
}

/// The id under which the server's log and the call log list the request. Provided as context to every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentRequestId(pub String);
