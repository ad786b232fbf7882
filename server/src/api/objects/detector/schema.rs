//! Schemas of requests and responses about detectors.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;
use serde_json::json;

use crate::api::platform::schema::{
    AnyObject, Anything, AsGiven, GivenId, IdText, Notification, PageParameters, Stamps,
    WritersBody, WritersGiven,
};

/// The fields of a request for a detector.
#[derive(JsonSchema)]
#[schemars(rename = "Detector", rename_all = "camelCase")]
pub(crate) struct DetectorFields {
    /// The program. It publishes the label of every rule.
    #[schemars(example = "detect(when(data('cpu.utilization') > 90)).publish('too hot')")]
    program_text: String,
    #[schemars(length(max = 2_000), example = example_rules())]
    rules: Vec<Rule>,
    description: Option<String>,
    /// In milliseconds.
    #[schemars(range(min = 0, max = 900_000))]
    max_delay: Option<i32>,
    /// In milliseconds.
    #[schemars(range(min = 0, max = 900_000))]
    min_delay: Option<i32>,
    timezone: Option<String>,
    #[schemars(length(max = 50), inner(length(max = 256)))]
    tags: Option<Vec<String>>,
    teams: Option<Vec<IdText>>,
    package_specifications: Option<String>,
    custom_properties: Option<Anything>,
    detector_origin: Option<Origin>,
    parent_detector_id: Option<GivenId>,
    visualization_options: Option<OneOrMany>,
    authorized_writers: Option<WritersGiven>,
}

/// Who is notified when a label of the program fires.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Rule {
    detect_label: String,
    severity: Severity,
    description: Option<String>,
    disabled: Option<bool>,
    notifications: Option<Vec<Notification>>,
    parameterized_body: Option<String>,
    parameterized_subject: Option<String>,
    runbook_url: Option<String>,
    tip: Option<String>,
    reminder_notification: Option<Reminder>,
    skip_clear_notification_states: Option<Vec<ClearState>>,
}

fn example_rules() -> Anything {
    json!([{
        "detectLabel": "too hot",
        "severity": "Critical",
        "notifications": [{"type": "Email", "email": "oncall@example.com"}],
    }])
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Severity {
    Critical,
    Major,
    Minor,
    Warning,
    Info,
}

/// A repeated notification.
#[derive(JsonSchema)]
struct Reminder {
    #[schemars(rename = "type")]
    kind: Option<ReminderType>,
    /// In milliseconds: whole minutes, at least five.
    #[schemars(range(min = 300_000, max = 604_800_000), extend("multipleOf" = 60_000))]
    interval: i64,
    /// In milliseconds: whole minutes, or 0 for none.
    #[schemars(range(min = 0, max = 604_800_000), extend("multipleOf" = 60_000))]
    timeout: Option<i64>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum ReminderType {
    Timeout,
    #[schemars(rename = "")]
    NotGiven,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
enum ClearState {
    Ok,
    AutoResolved,
    Stopped,
    ManuallyResolved,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Origin {
    Standard,
    AutoDetectCustomization,
    #[schemars(rename = "")]
    NotGiven,
}

/// The options, or a list of them, as one call of the Go client sends it.
#[derive(JsonSchema)]
#[schemars(rename = "VisualizationOptionsGiven", untagged)]
enum OneOrMany {
    One(VisualizationOptions),
    Many(Vec<VisualizationOptions>),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct VisualizationOptions {
    disable_sampling: Option<bool>,
    show_data_markers: Option<bool>,
    show_event_lines: Option<bool>,
    time: Option<VisualizationTime>,
    publish_label_options: Option<Vec<PublishLabel>>,
}

#[derive(JsonSchema)]
struct VisualizationTime {
    #[schemars(rename = "type")]
    kind: Option<TimeType>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
enum TimeType {
    Absolute,
    Relative,
    #[schemars(rename = "")]
    NotGiven,
}

#[derive(JsonSchema)]
#[schemars(rename = "PublishLabelOptions", rename_all = "camelCase")]
struct PublishLabel {
    label: Option<String>,
    #[schemars(range(min = 0, max = 15))]
    palette_index: Option<i32>,
}

/// A detector.
#[derive(JsonSchema)]
#[schemars(rename = "Detector", rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct DetectorBody {
    id: IdText,
    name: String,
    description: String,
    program_text: String,
    rules: Vec<AsGiven<Rule>>,
    max_delay: Option<i32>,
    min_delay: Option<i32>,
    timezone: String,
    tags: Vec<String>,
    teams: Vec<IdText>,
    package_specifications: String,
    custom_properties: Anything,
    detector_origin: Origin,
    #[schemars(skip_serializing_if = "Option::is_none")]
    parent_detector_id: GivenId,
    #[schemars(skip_serializing_if = "Option::is_none")]
    visualization_options: AsGiven<OneOrMany>,
    authorized_writers: WritersBody,
    label_resolutions: AnyObject,
    #[schemars(rename = "overMTSLimit")]
    over_mts_limit: bool,
    status: String,
    locked: bool,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the list of detectors.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct DetectorListParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    /// Objects with any of these tags.
    #[schemars(length(max = 10))]
    tags: Option<Vec<String>>,
    /// Objects with a tag that begins with any of these texts.
    #[schemars(length(max = 5))]
    prefix_tags: Option<Vec<String>>,
    /// Objects without a tag that begins with any of these texts.
    #[schemars(length(max = 5))]
    prefix_tag_exclusions: Option<Vec<String>>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
