//! The routes of the audit log.

use axum::http::StatusCode;
use domain::identity::access::Access;

use super::{events::list_events, export::export_log, find::find_events, info::describe};
use crate::api::platform::{route::Summary, routes::Routes};

/// The routes of the audit log. Operations check who may read it, because their denials have texts of their own
/// (docs/contract.md#audit-events).
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Audit log",
        "Who did what, when, from where and with which token.",
    )
    .without_secrets()
    .get(
        "/v2/audit/info/{type}/{id}",
        Access::AnyCaller,
        Summary::new("Read who created and last updated an object, with which token")
            .or(StatusCode::FORBIDDEN),
        describe,
    )
    .keeping_filters()
    .get(
        "/v2/audit/events",
        Access::AnyCaller,
        Summary::new("List entries of the audit log").or(StatusCode::FORBIDDEN),
        list_events,
    )
    .get(
        "/v2/audit/export",
        Access::LogReader,
        "Export a log as lines of JSON, from where an earlier export ended",
        export_log,
    )
    .get(
        "/v2/event/find",
        Access::AnyCaller,
        Summary::new("Search the audit log").or(StatusCode::NOT_ACCEPTABLE),
        find_events,
    )
}
