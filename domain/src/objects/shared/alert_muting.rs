//! Alert muting rules: when alerts of which detectors and dimensions are not sent (docs/contract.md#alert-muting).

use serde_json::{Value, json};

use super::draft::{Reference, SharedDraft};
use crate::{
    audit::event::ObjectType,
    objects::object::{Object, Relation},
    platform::{
        document::{Document, kept},
        fields::Fields,
        id::Id,
        limits,
        rejection::Rejected,
        timestamp::Timestamp,
        visible::in_one_line,
    },
};

const FIELDS: &[&str] = &[
    "description",
    "filters",
    "recurrence",
    "sendAlertsOnceMutingPeriodHasEnded",
    "startTime",
    "stopTime",
];

/// The property of a filter whose values are ids of detectors.
pub const DETECTOR: &str = "sf_detectorId";

/// The largest time, in milliseconds since 1970: the year 9999.
const LATEST_MS: i64 = 253_402_300_799_999;

const DAY_MS: i64 = 86_400_000;

/// The largest number of days or weeks between two recurrences.
const MOST_UNITS: i64 = 10_000;

/// Whether a rule mutes alerts now, or will, or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MutingState {
    /// It will, at its start or at its next recurrence.
    Future,
    /// It mutes now.
    Ongoing,
    /// It has ended.
    Past,
}

/// The rules that a list includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MutingFilter {
    /// All rules.
    #[default]
    All,
    /// Those that have not ended.
    Open,
    /// Those in one state.
    In(MutingState),
}

impl MutingFilter {
    /// Parses the query parameter `include`, in any case. An empty text is [`Self::All`].
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Some(match label.to_lowercase().as_str() {
            "" | "all" => Self::All,
            "open" => Self::Open,
            "past" => Self::In(MutingState::Past),
            "ongoing" => Self::In(MutingState::Ongoing),
            "future" => Self::In(MutingState::Future),
            _ => return None,
        })
    }

    /// Whether the list includes a rule in this state.
    #[must_use]
    pub fn includes(self, state: MutingState) -> bool {
        match self {
            Self::All => true,
            Self::Open => state != MutingState::Past,
            Self::In(one) => state == one,
        }
    }
}

/// The state of a rule. A rule that recurs never ends.
#[must_use]
pub fn state_at(rule: &Document, now: Timestamp) -> MutingState {
    let time = |field| rule.get(field).and_then(Value::as_i64).unwrap_or_default();
    let (start, stop, now) = (time("startTime"), time("stopTime"), now.as_millis());
    if now < start {
        return MutingState::Future;
    }
    if stop == 0 || now < stop {
        return MutingState::Ongoing;
    }
    match period_ms(rule) {
        None => MutingState::Past,
        Some(period) if (now - start) % period < stop - start => MutingState::Ongoing,
        Some(_) => MutingState::Future,
    }
}

/// The time between two starts of a rule that recurs.
fn period_ms(rule: &Document) -> Option<i64> {
    let recurrence = rule.get("recurrence")?;
    let days = match recurrence.get("unit")?.as_str()? {
        "d" => 1,
        "w" => 7,
        _ => return None,
    };
    let period = recurrence.get("value")?.as_i64()? * days * DAY_MS;
    (period > 0).then_some(period)
}

pub(super) fn read(
    given: &Document,
    present: Option<&Object>,
    now: Timestamp,
) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    let described = fields.text_within("description", limits::OBJECT_NAME_CHARACTERS)?;
    fields.truth("sendAlertsOnceMutingPeriodHasEnded")?;
    fields.each("filters", check_filter)?;
    fields.within("recurrence", |recurrence| {
        recurrence.required("unit", recurrence.word("unit", &["d", "w"])?)?;
        let value = recurrence.whole_number("value", 1, MOST_UNITS)?;
        recurrence.required("value", value).map(drop)
    })?;
    let present_start = present.and_then(|present| present.document.get("startTime")?.as_i64());
    let start = fields.whole_number("startTime", 0, LATEST_MS)?;
    let start = start.or(present_start).unwrap_or_else(|| now.as_millis());
    let stop = fields.whole_number("stopTime", 0, LATEST_MS)?.unwrap_or(0);
    if stop != 0 && stop <= start {
        return Err(fields.reject("stopTime", "must be after startTime, or 0 for no end"));
    }
    let mut document = kept(given, FIELDS);
    document.insert("startTime".to_owned(), json!(start));
    document.insert("stopTime".to_owned(), json!(stop));
    if period_ms(&document).is_some_and(|period| stop == 0 || stop - start > period) {
        let what = "must be at most one recurrence after startTime, because the rule recurs";
        return Err(fields.reject("stopTime", what));
    }
    let references = muted_detectors(&fields)?;
    Ok(SharedDraft {
        name: in_one_line(described.unwrap_or_default()),
        document,
        references,
    })
}

fn check_filter(filter: Fields<'_>) -> Result<(), Rejected> {
    filter.truth("NOT")?;
    let property = filter.text("property")?.filter(|text| !text.is_empty());
    filter.required("property", property)?;
    let values = match filter.find("propertyValue") {
        Some(Value::String(text)) => usize::from(!text.is_empty()),
        Some(Value::Array(_)) => filter.texts("propertyValue")?.len(),
        Some(_) => return Err(filter.reject("propertyValue", "must be a text or a list of texts")),
        None => 0,
    };
    filter
        .required("propertyValue", (values > 0).then_some(()))
        .map(drop)
}

/// The detectors that the filters name, with their fields.
fn muted_detectors(fields: &Fields<'_>) -> Result<Vec<Reference>, Rejected> {
    let mut references = Vec::new();
    let filters = fields.list("filters")?.unwrap_or_default();
    for (index, filter) in filters.iter().enumerate() {
        for text in detectors_of(filter) {
            let field = format!("filters[{index}].propertyValue");
            let id = Id::parse(text).map_err(|rejected| {
                fields.reject(&field, format!("Improper ID: {}", rejected.0))
            })?;
            references.push(Reference {
                field,
                kind: ObjectType::Detector,
                id,
            });
        }
    }
    if references.len() > limits::LIST_ITEMS {
        let what = format!("name more than {} detectors", limits::LIST_ITEMS);
        return Err(fields.reject("filters", what));
    }
    Ok(references)
}

/// The values of a filter that are ids of detectors.
fn detectors_of(filter: &Value) -> impl Iterator<Item = &str> {
    let is_of_detectors = filter.get("property").and_then(Value::as_str) == Some(DETECTOR);
    let value = filter.get("propertyValue").filter(|_| is_of_detectors);
    let one = value.and_then(Value::as_str);
    let many = value.and_then(Value::as_array).into_iter().flatten();
    one.into_iter().chain(many.filter_map(Value::as_str))
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("filters", json!([])),
        ("recurrence", Value::Null),
        ("sendAlertsOnceMutingPeriodHasEnded", json!(true)),
        ("startTime", json!(0)),
        ("stopTime", json!(0)),
    ]
}

/// The muted detectors.
pub(super) fn references(document: &Document) -> Vec<(Relation, String)> {
    let filters = document.get("filters").and_then(Value::as_array);
    let detectors = filters.into_iter().flatten().flat_map(detectors_of);
    detectors
        .map(|id| (Relation::Detector, id.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    fn read_new(given: Value) -> Result<SharedDraft, Rejected> {
        read(given.as_object().unwrap(), None, NOW)
    }

    #[test]
    fn a_rule_starts_now_and_has_no_end_unless_it_says_otherwise() {
        let draft = read_new(json!({"filters": [{"property": "host", "propertyValue": "a"}]}));
        let draft = draft.unwrap();
        assert_eq!(draft.name, "");
        assert_eq!(draft.document["startTime"], NOW.as_millis());
        assert_eq!(draft.document["stopTime"], 0);
    }

    #[test]
    fn a_value_is_kept_as_it_was_given() {
        let filters = json!([
            {"property": "host", "propertyValue": "a"},
            {"property": "host", "propertyValue": ["a", "b"], "NOT": true}
        ]);
        let draft = read_new(json!({"filters": filters})).unwrap();
        assert_eq!(draft.document["filters"], filters);
    }

    #[test]
    fn each_rejection_names_its_field() {
        let check = |given: Value, field: &str| {
            assert_eq!(read_new(given).unwrap_err().field, field);
        };
        let filter = |filter: Value| json!({"filters": [filter]});
        check(filter(json!({"propertyValue": "a"})), "filters[0].property");
        check(filter(json!({"property": "a"})), "filters[0].propertyValue");
        check(
            filter(json!({"property": "a", "propertyValue": 3})),
            "filters[0].propertyValue",
        );
        check(
            filter(json!({"property": "a", "propertyValue": []})),
            "filters[0].propertyValue",
        );
        check(
            filter(json!({"property": "sf_detectorId", "propertyValue": ["no id"]})),
            "filters[0].propertyValue",
        );
        check(json!({"startTime": 5, "stopTime": 5}), "stopTime");
        check(json!({"startTime": "5"}), "startTime");
        check(json!({"recurrence": {"value": 1}}), "recurrence.unit");
        check(json!({"recurrence": {"unit": "d"}}), "recurrence.value");
        let recurrence = json!({"unit": "d", "value": 1});
        check(json!({"recurrence": recurrence}), "stopTime");
        check(
            json!({"recurrence": recurrence, "startTime": 1, "stopTime": 2 + DAY_MS}),
            "stopTime",
        );
    }

    #[test]
    fn the_state_follows_the_clock() {
        let rule = |stop: i64, recurrence: Value| {
            let rule = json!({"startTime": 1_000, "stopTime": stop, "recurrence": recurrence});
            rule.as_object().unwrap().clone()
        };
        let check = |rule: &Document, at_ms: i64, expected: MutingState| {
            let at = Timestamp::from_micros(at_ms * 1_000);
            assert_eq!(state_at(rule, at), expected, "{at_ms}");
        };
        let once = rule(2_000, Value::Null);
        check(&once, 999, MutingState::Future);
        check(&once, 1_000, MutingState::Ongoing);
        check(&once, 1_999, MutingState::Ongoing);
        check(&once, 2_000, MutingState::Past);
        check(&rule(0, Value::Null), LATEST_MS, MutingState::Ongoing);
        let daily = rule(2_000, json!({"unit": "d", "value": 1}));
        check(&daily, 2_000, MutingState::Future);
        check(&daily, DAY_MS + 1_500, MutingState::Ongoing);
        check(&daily, DAY_MS + 2_000, MutingState::Future);
    }

    #[test]
    fn the_labels_of_the_filter_have_any_case() {
        let open = MutingFilter::from_label("OPEN").unwrap();
        assert!(open.includes(MutingState::Ongoing) && open.includes(MutingState::Future));
        assert!(!open.includes(MutingState::Past));
        assert_eq!(MutingFilter::from_label(""), Some(MutingFilter::All));
        assert_eq!(MutingFilter::from_label("later"), None);
    }
}
