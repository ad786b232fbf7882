//! Notifications.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use super::values::GivenId;

/// A receiver of alerts. Its type determines which fields it needs; it is stored as sent.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct Notification {
    #[schemars(rename = "type")]
    kind: NotificationType,
    /// The integration that delivers it.
    credential_id: Option<GivenId>,
    email: Option<String>,
    cc: Option<Vec<String>>,
    bcc: Option<Vec<String>>,
    template_id: Option<String>,
    team: Option<GivenId>,
    channel: Option<String>,
    credential_name: Option<String>,
    responder_name: Option<String>,
    responder_id: Option<String>,
    responder_type: Option<String>,
    routing_key: Option<String>,
    url: Option<String>,
    secret: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum NotificationType {
    Email,
    EmailTemplate,
    Team,
    TeamEmail,
    Slack,
    PagerDuty,
    BigPanda,
    Jira,
    Office365,
    ServiceNow,
    XMatters,
    AmazonEventBridge,
    SplunkPlatform,
    Opsgenie,
    VictorOps,
    Webhook,
}
