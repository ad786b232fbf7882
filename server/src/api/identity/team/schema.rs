//! Schemas of requests and responses about teams.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::{AsGiven, IdText, Notification, PageParameters, Stamps};

/// The fields of a request for a team.
#[derive(JsonSchema)]
#[schemars(rename = "Team", rename_all = "camelCase")]
pub(crate) struct TeamFields {
    description: Option<String>,
    /// The members; an absent list is an empty list.
    #[schemars(length(max = 1_000))]
    members: Option<Vec<IdText>>,
    notification_lists: Option<NotificationLists>,
}

/// Recipients of notifications, by severity.
#[derive(JsonSchema)]
struct NotificationLists {
    default: Option<Vec<Notification>>,
    critical: Option<Vec<Notification>>,
    major: Option<Vec<Notification>>,
    minor: Option<Vec<Notification>>,
    warning: Option<Vec<Notification>>,
    info: Option<Vec<Notification>>,
}

/// A team.
#[derive(JsonSchema)]
#[schemars(rename = "Team", rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct TeamBody {
    id: IdText,
    name: String,
    description: String,
    members: Vec<IdText>,
    /// Only the lists of the request.
    notification_lists: AsGiven<NotificationLists>,
    dashboard_groups: Vec<IdText>,
    detectors: Vec<IdText>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Members to add or to remove.
#[derive(JsonSchema)]
#[schemars(rename = "TeamMembers")]
pub(crate) struct Members {
    members: Option<Vec<IdText>>,
}

/// Query parameters of the list of teams.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct TeamListParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
