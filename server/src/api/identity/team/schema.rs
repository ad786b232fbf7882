//! The shape of teams: what a request may give, and what an answer shows.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::platform::schema::{AsGiven, IdText, Notification, PageParameters, Stamps};

/// What a team keeps as given, and who is in it.
#[derive(JsonSchema)]
#[schemars(rename = "Team", rename_all = "camelCase")]
pub(crate) struct TeamFields {
    description: Option<String>,
    /// Who shall be in it: nobody if it is left out.
    #[schemars(length(max = 1_000))]
    members: Option<Vec<IdText>>,
    notification_lists: Option<NotificationLists>,
}

/// Whom to tell, by severity.
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
#[schemars(rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct Team {
    id: IdText,
    name: String,
    description: String,
    members: Vec<IdText>,
    /// Only the lists that were given.
    notification_lists: AsGiven<NotificationLists>,
    dashboard_groups: Vec<IdText>,
    detectors: Vec<IdText>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Who comes or goes.
#[derive(JsonSchema)]
#[schemars(rename = "TeamMembers")]
pub(crate) struct Members {
    members: Option<Vec<IdText>>,
}

/// How a list of teams is asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct TeamListParameters {
    /// A part of the name, whatever its case.
    name: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// A field to order by, with `-` before it the other way round.
    order_by: Option<String>,
}
