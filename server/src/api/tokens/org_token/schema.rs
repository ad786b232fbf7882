//! Schemas of requests and responses about org tokens.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::{
    AsGiven, IdText, Notification, PageParameters, Permissions, PermissionsGiven,
};

/// The fields of a request for an org token.
#[derive(JsonSchema)]
#[schemars(rename = "OrgToken", rename_all = "camelCase")]
pub(crate) struct OrgTokenFields {
    description: Option<String>,
    disabled: Option<bool>,
    /// The scopes, which cannot be changed later; `RUM` and `AUDIT` cannot be combined with others.
    auth_scopes: Option<Vec<Scope>>,
    limits: Option<Limits>,
    notifications: Option<Vec<Notification>>,
    /// Who may see it besides administrators; `null` for no one.
    permissions: Option<PermissionsGiven>,
    #[schemars(length(max = 1))]
    roles: Option<Vec<RoleOrTitle>>,
    /// The lifetime in seconds, when it is created.
    #[schemars(range(min = 1, max = 5_676_000_000_i64))]
    seconds_until_expiry: Option<i64>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum Scope {
    Ingest,
    Api,
    Rum,
    Audit,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum RoleOrTitle {
    Title(TokenRoleTitle),
    Role(TokenRole),
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "snake_case")]
enum TokenRoleTitle {
    Power,
    Usage,
    ReadOnly,
}

#[derive(JsonSchema)]
struct TokenRole {
    title: TokenRoleTitle,
}

/// Limits for data sent with the token. Only `dpmQuota` is enforced; the others are stored and returned.
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

/// The limit of each category: 1 hosts, 2 containers, 3 custom metrics, 4 high resolution metrics.
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
#[schemars(rename = "OrgToken", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OrgTokenBody {
    id: IdText,
    name: String,
    org_id: IdText,
    /// Present if the caller may see it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    secret: String,
    description: String,
    limits: AsGiven<Limits>,
    notifications: Vec<AsGiven<Notification>>,
    auth_scopes: Vec<Scope>,
    disabled: bool,
    exceeding_limits: bool,
    permissions: Option<Permissions>,
    /// Empty unless the token has the scope `API`.
    roles: Vec<TokenRole>,
    created: i64,
    creator: IdText,
    last_updated: i64,
    last_updated_by: IdText,
    latest_rotation: i64,
    expiry: i64,
}

/// Query parameters of the list of org tokens.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct OrgTokenListParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// `name`, `created`, `lastUpdated` or `expiry`; a leading `-` reverses the order.
    order_by: Option<String>,
}

/// Query parameters of a rotation.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct RotationParameters {
    /// Seconds for which the old secret remains valid.
    #[schemars(range(min = 0, max = 5_184_000))]
    graceful: Option<i64>,
    /// The lifetime of the new secret in seconds.
    #[schemars(range(min = 1, max = 5_676_000_000_i64))]
    seconds_until_expiry: Option<i64>,
}
