//! Shapes that many answers and requests have in common. They are described and never built: documents are kept and
//! echoed as clients gave them (docs/contract.md#updates).

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::api::platform::openapi::given_in;

/// An id as text.
pub(crate) struct IdText;

impl JsonSchema for IdText {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An identifier: eight bytes as URL-safe base64.",
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$",
        })
    }
}

/// An id in a request, or the empty text that clients of Go write for none.
pub(crate) struct GivenId;

impl JsonSchema for GivenId {
    fn schema_name() -> Cow<'static, str> {
        "IdOrEmpty".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An identifier, or nothing, which means none.",
            "type": "string",
            "pattern": "^([A-Za-z0-9_-]{10}[AEIMQUYcgkosw048])?$",
        })
    }
}

/// What a request gave, in an answer: as open as it was there.
pub(crate) struct AsGiven<T>(T);

impl<T: JsonSchema> JsonSchema for AsGiven<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        given_in::<T>(generator)
    }
}

/// A JSON object of whatever is in it.
pub(crate) struct AnyObject;

impl JsonSchema for AnyObject {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AnyObject".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object"})
    }
}

/// A request that makes something: it has a name.
#[derive(JsonSchema)]
#[schemars(rename = "{F}ToCreate")]
pub(crate) struct ToCreate<F> {
    #[schemars(length(min = 1, max = 1_000))]
    name: String,
    #[schemars(flatten)]
    fields: F,
}

/// A request that changes something: what it leaves out is emptied, but for the name.
#[derive(JsonSchema)]
#[schemars(rename = "{F}ToUpdate")]
pub(crate) struct ToUpdate<F> {
    #[schemars(length(min = 1, max = 1_000))]
    name: Option<String>,
    #[schemars(flatten)]
    fields: F,
}

/// Who made and who last changed something, and when: the server knows, and takes nobody's word for it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct Stamps {
    /// When it was made, in milliseconds since 1970.
    created: i64,
    creator: IdText,
    /// When it was last changed, in milliseconds since 1970.
    last_updated: i64,
    last_updated_by: IdText,
}

/// Who may write, in the older form.
#[derive(JsonSchema)]
#[schemars(rename = "AuthorizedWritersGiven")]
pub(crate) struct WritersGiven {
    users: Option<Vec<IdText>>,
    teams: Option<Vec<IdText>>,
}

/// Who may write, in the older form.
#[derive(JsonSchema)]
#[schemars(rename = "AuthorizedWriters", deny_unknown_fields)]
pub(crate) struct Writers {
    users: Vec<IdText>,
    teams: Vec<IdText>,
}

/// Who may read and write: entries, or a parent to inherit them from.
#[derive(JsonSchema)]
#[schemars(rename = "PermissionsGiven")]
pub(crate) struct PermissionsGiven {
    #[schemars(length(max = 26))]
    acl: Option<Vec<AclEntry>>,
    parent: Option<GivenId>,
}

/// Who may read and write: entries, or a parent to inherit them from.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Permissions {
    acl: Vec<AsGiven<AclEntry>>,
    parent: Option<IdText>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct AclEntry {
    principal_id: IdText,
    principal_type: PrincipalType,
    #[schemars(length(min = 1))]
    actions: Vec<AclAction>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum PrincipalType {
    User,
    Team,
    Org,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum AclAction {
    Read,
    Write,
}

/// Whom to tell. Which fields it needs goes by its type; it is kept as given.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct Notification {
    #[schemars(rename = "type")]
    kind: NotificationType,
    /// The integration to tell by.
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

/// Which part of a list is asked for.
#[derive(JsonSchema)]
pub(crate) struct PageParameters {
    /// How many at most.
    #[schemars(range(min = 1, max = 10_000))]
    limit: Option<i64>,
    /// How many to pass over.
    #[schemars(range(min = 0))]
    offset: Option<i64>,
}

/// How thoroughly to judge.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct ValidationParameters {
    validation_mode: Option<ValidationMode>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum ValidationMode {
    Full,
    Terraform,
}

/// Filters of a dashboard, or those with which a group takes their place.
#[derive(JsonSchema)]
pub(crate) struct Filters {
    sources: Option<Vec<FilterSource>>,
    variables: Option<Vec<FilterVariable>>,
    time: Option<FilterTime>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct FilterSource {
    property: String,
    value: Option<TextOrTexts>,
    values: Option<TextOrTexts>,
    #[schemars(rename = "NOT")]
    not: Option<bool>,
    apply_if_exists: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct FilterVariable {
    property: String,
    value: Option<TextOrTexts>,
    alias: Option<String>,
    description: Option<String>,
    preferred_suggestions: Option<Vec<String>>,
    required: Option<bool>,
    restricted: Option<bool>,
    replace_only: Option<bool>,
    apply_if_exists: Option<bool>,
}

#[derive(JsonSchema)]
struct FilterTime {
    start: Option<TextOrNumber>,
    end: Option<TextOrNumber>,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
pub(crate) enum TextOrTexts {
    Text(String),
    Texts(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum TextOrNumber {
    Text(String),
    Number(i64),
}

/// Any JSON at all.
pub(crate) type Anything = Value;

/// What sort of token it is.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) enum TokenKindLabel {
    #[schemars(rename = "UI")]
    Ui,
    #[schemars(rename = "API_SESSION")]
    ApiSession,
    #[schemars(rename = "UI_LOGIN")]
    UiLogin,
    #[schemars(rename = "ORG")]
    Org,
}

/// An object with nothing in it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Nothing {}
