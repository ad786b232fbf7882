//! The shape of org tokens: what a request may give, and what an answer shows.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::platform::schema::{
    AsGiven, IdText, Notification, PageParameters, Permissions, PermissionsGiven,
};

/// What an org token is for and how far.
#[derive(JsonSchema)]
#[schemars(rename = "OrgToken", rename_all = "camelCase")]
pub(crate) struct OrgTokenFields {
    description: Option<String>,
    disabled: Option<bool>,
    /// What it is for, once for all; `RUM` stands alone.
    auth_scopes: Option<Vec<Scope>>,
    limits: Option<Limits>,
    notifications: Option<Vec<Notification>>,
    /// Who besides administrators may see it; `null` is nobody.
    permissions: Option<PermissionsGiven>,
    #[schemars(length(max = 1))]
    roles: Option<Vec<RoleOrTitle>>,
    /// How long it shall live, when it is made.
    #[schemars(range(min = 1, max = 5_676_000_000_i64))]
    seconds_until_expiry: Option<i64>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum Scope {
    Ingest,
    Api,
    Rum,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum RoleOrTitle {
    Title(RoleTitle),
    Role(TokenRole),
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "snake_case")]
enum RoleTitle {
    Power,
    Usage,
    ReadOnly,
}

#[derive(JsonSchema)]
struct TokenRole {
    title: RoleTitle,
}

/// How much may be sent with it: kept and told.
#[derive(JsonSchema)]
#[schemars(rename = "OrgTokenLimits", rename_all = "camelCase")]
struct Limits {
    dpm_quota: Option<i64>,
    dpm_notification_threshold: Option<i64>,
    category_quota: Option<Categories>,
    category_notification_threshold: Option<Categories>,
    #[schemars(range(min = 1, max = 30))]
    event_searches_per_minute: Option<i32>,
    #[schemars(range(min = 1, max = 60))]
    jobs_per_minute_limit: Option<i32>,
    mtsm_limit: Option<i64>,
}

/// By what is counted: 1 hosts, 2 containers, 3 custom metrics, 4 high resolution metrics.
#[derive(JsonSchema)]
#[schemars(rename = "OrgTokenCategories")]
struct Categories {
    #[schemars(rename = "1")]
    hosts: Option<i64>,
    #[schemars(rename = "2")]
    containers: Option<i64>,
    #[schemars(rename = "3")]
    custom_metrics: Option<i64>,
    #[schemars(rename = "4")]
    high_resolution_metrics: Option<i64>,
}

/// An org token.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OrgToken {
    id: IdText,
    name: String,
    org_id: IdText,
    /// For those who may see it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    secret: String,
    description: String,
    limits: AsGiven<Limits>,
    notifications: Vec<AsGiven<Notification>>,
    auth_scopes: Vec<Scope>,
    disabled: bool,
    exceeding_limits: bool,
    permissions: Option<Permissions>,
    /// None unless it may call the API.
    roles: Vec<TokenRole>,
    created: i64,
    creator: IdText,
    last_updated: i64,
    last_updated_by: IdText,
    latest_rotation: i64,
    expiry: i64,
}

/// How a list of org tokens is asked for.
#[derive(JsonSchema)]
pub(crate) struct OrgTokenListParameters {
    /// A part of the name, whatever its case.
    name: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
}

/// How the old secret ends and how long the new one lives.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct RotationParameters {
    /// Seconds the old secret goes on working.
    #[schemars(range(min = 0, max = 5_184_000))]
    graceful: Option<i64>,
    /// Seconds the new secret lives.
    #[schemars(range(min = 1, max = 5_676_000_000_i64))]
    seconds_until_expiry: Option<i64>,
}
