//! Alert muting rules as their list and page show them.

use domain::{
    identity::actor::Caller,
    objects::{
        permissions::ItemKind,
        shared::alert_muting::{DETECTOR, MutingState, state_at},
    },
    platform::{document::Document, timestamp::Timestamp},
};
use leptos::serde_json::Value;
use service::Service;

use super::facts::{Facts, fact, links, object_link};
use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::detector::TextLink,
    },
    ui::list::listing::counted,
};

/// Detectors that a page links to, each of which is read.
const LINKED_DETECTORS: usize = 50;

/// The state in words.
pub(super) fn state(rule: &Document, now: Timestamp) -> String {
    match state_at(rule, now) {
        MutingState::Future => "Future",
        MutingState::Ongoing => "Ongoing",
        MutingState::Past => "Past",
    }
    .to_owned()
}

/// What it mutes, in a line.
pub(super) fn summary(rule: &Document) -> String {
    let filters = filters(rule).map(|filter| match (property(filter), values(filter).len()) {
        (DETECTOR, count) if !is_negated(filter) => counted(
            i64::try_from(count).unwrap_or(i64::MAX),
            "detector",
            "detectors",
        ),
        _ => filter_text(filter),
    });
    let filters: Vec<_> = filters.collect();
    if filters.is_empty() {
        "All alerts".to_owned()
    } else {
        filters.join("; ")
    }
}

/// What it does.
pub(super) async fn facts(
    service: &Service,
    caller: &Caller,
    rule: &Document,
) -> Result<Facts, UiError> {
    let mut muted = Vec::new();
    for filter in filters(rule) {
        if property(filter) == DETECTOR && !is_negated(filter) {
            let ids = values(filter);
            for id in ids.iter().take(LINKED_DETECTORS) {
                muted.push(object_link(service, caller, ItemKind::Detector, id).await?);
            }
            if let Some(more) = ids.len().checked_sub(LINKED_DETECTORS + 1) {
                muted.push(TextLink::from(format!("and {} more detectors", more + 1)));
            }
        } else {
            muted.push(TextLink::from(filter_text(filter)));
        }
    }
    if muted.is_empty() {
        muted.push(TextLink::from("All alerts".to_owned()));
    }
    let sends = rule.get("sendAlertsOnceMutingPeriodHasEnded");
    let sends = sends.and_then(Value::as_bool).unwrap_or(true);
    let mut facts = vec![
        links("Mutes", muted),
        fact("From", time(rule, "startTime").unwrap_or_default()),
        fact(
            "Until",
            time(rule, "stopTime").unwrap_or_else(|| "No end".to_owned()),
        ),
    ];
    facts.extend(recurrence(rule).map(|every| fact("Repeats", every)));
    let afterwards = if sends {
        "Alerts that are still active are sent"
    } else {
        "Nothing is sent"
    };
    facts.push(fact("When it ends", afterwards));
    Ok(Facts {
        facts,
        ..Facts::default()
    })
}

fn filters(rule: &Document) -> impl Iterator<Item = &Document> {
    items(rule, "filters").filter_map(Value::as_object)
}

fn property(filter: &Document) -> &str {
    text(filter, "property")
}

fn values(filter: &Document) -> Vec<&str> {
    let one = Some(text(filter, "propertyValue")).filter(|text| !text.is_empty());
    let many = items(filter, "propertyValue").filter_map(Value::as_str);
    one.into_iter().chain(many).collect()
}

fn is_negated(filter: &Document) -> bool {
    filter.get("NOT").and_then(Value::as_bool) == Some(true)
}

/// A filter as text: "host is not web-1 or web-2".
fn filter_text(filter: &Document) -> String {
    let is = if is_negated(filter) { "is not" } else { "is" };
    format!("{} {is} {}", property(filter), values(filter).join(" or "))
}

/// A time in UTC; `None` when it is 0.
fn time(rule: &Document, field: &str) -> Option<String> {
    let millis = rule.get(field)?.as_i64().filter(|millis| *millis > 0)?;
    Some(Timestamp::from_millis(millis).to_date_and_time())
}

fn recurrence(rule: &Document) -> Option<String> {
    let recurrence = rule.get("recurrence")?.as_object()?;
    let unit = if text(recurrence, "unit") == "w" {
        ("week", "weeks")
    } else {
        ("day", "days")
    };
    let value = recurrence.get("value")?.as_i64()?;
    Some(match value {
        1 => format!("Every {}", unit.0),
        value => format!("Every {}", counted(value, unit.0, unit.1)),
    })
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    fn summary_of(filters: Value) -> String {
        summary(json!({"filters": filters}).as_object().unwrap())
    }

    #[test]
    fn a_rule_is_summarized_by_its_filters() {
        assert_eq!(summary_of(json!([])), "All alerts");
        assert_eq!(
            summary_of(json!([
                {"property": "host", "propertyValue": ["a", "b"], "NOT": true},
                {"property": "az", "propertyValue": "eu"},
                {"property": "sf_detectorId", "propertyValue": ["AAAAAAAAAAE", "AAAAAAAAAAI"]}
            ])),
            "host is not a or b; az is eu; 2 detectors"
        );
    }

    #[test]
    fn a_time_of_zero_is_none() {
        let rule = json!({"startTime": 0, "stopTime": 1_766_498_700_000_i64});
        let rule = rule.as_object().unwrap();
        assert_eq!(time(rule, "startTime"), None);
        let ends = time(rule, "stopTime");
        assert_eq!(ends.as_deref(), Some("23 Dec 2025, 14:05 UTC"));
    }

    #[test]
    fn a_recurrence_is_named_in_words() {
        let every = |unit: &str, value: i64| {
            recurrence(
                json!({"recurrence": {"unit": unit, "value": value}})
                    .as_object()
                    .unwrap(),
            )
        };
        assert_eq!(every("d", 1).unwrap(), "Every day");
        assert_eq!(every("w", 2).unwrap(), "Every 2 weeks");
        assert_eq!(recurrence(&Document::new()), None);
    }
}
