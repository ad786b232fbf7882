//! Metric rulesets: where the data of a metric goes, and what is aggregated from it (docs/contract.md#metric-rulesets).

use serde_json::{Value, json};

use super::{draft::SharedDraft, version};
use crate::{
    objects::object::Object,
    platform::{
        document::Document,
        fields::Fields,
        limits::{LIST_ITEMS, METRIC_NAME_CHARACTERS},
        rejection::Rejected,
        shape::{Member, Shape, conform, filled, optional, required},
    },
};

/// The destination that drops data. Only administrators choose it or replace it.
const DROP: &str = "Drop";

// The Terraform provider stops when a member with a default is absent, and the Go client when there is another member.
const FILTER: &[Member] = &[
    required("property", Shape::Text),
    required("propertyValue", Shape::Texts),
    filled("NOT", Shape::Truth, Value::Bool(false)),
];

const MATCHER: &[Member] = &[
    required("type", Shape::Word(&["dimension"])),
    optional("filters", Shape::Objects(FILTER)),
];

const AGGREGATOR: &[Member] = &[
    required("type", Shape::Word(&["rollup"])),
    required("outputName", Shape::Text),
    optional("dimensions", Shape::Texts),
    filled("dropDimensions", Shape::Truth, Value::Bool(false)),
];

const AGGREGATION_RULE: &[Member] = &[
    optional("name", Shape::Text),
    optional("description", Shape::Text),
    required("enabled", Shape::Truth),
    required("matcher", Shape::Object(MATCHER)),
    required("aggregator", Shape::Object(AGGREGATOR)),
];

const RESTORATION: &[Member] = &[
    filled("restorationId", Shape::Text, Value::String(String::new())),
    optional("startTime", Shape::Whole),
    optional("stopTime", Shape::Whole),
];

const EXCEPTION_RULE: &[Member] = &[
    required("name", Shape::Text),
    optional("description", Shape::Text),
    required("enabled", Shape::Truth),
    required("matcher", Shape::Object(MATCHER)),
    optional("restoration", Shape::Object(RESTORATION)),
];

const ROUTING_RULE: &[Member] = &[required(
    "destination",
    Shape::Word(&["RealTime", "Archived", DROP]),
)];

const RULESET: &[Member] = &[
    optional("description", Shape::Text),
    optional("aggregationRules", Shape::Objects(AGGREGATION_RULE)),
    optional("exceptionRules", Shape::Objects(EXCEPTION_RULE)),
    optional("routingRule", Shape::Object(ROUTING_RULE)),
];

pub(super) fn read(given: &Document, present: Option<&Object>) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    fields.text_within("metricName", METRIC_NAME_CHARACTERS)?;
    let name = fields.name_in("metricName", present.map(|present| present.name.as_str()))?;
    let mut document = conform(&fields, RULESET)?;
    fields.each("aggregationRules", |rule| {
        rule.within("aggregator", |aggregator| {
            let output = aggregator.text_within("outputName", METRIC_NAME_CHARACTERS)?;
            let output = output.filter(|output| !output.is_empty());
            aggregator.required("outputName", output).map(drop)
        })
    })?;
    if !document.contains_key("routingRule") {
        let kept = present.and_then(|present| present.document.get("routingRule").cloned());
        document.insert(
            "routingRule".to_owned(),
            fields.required("routingRule", kept)?,
        );
    }
    version::keep(&mut document, present);
    Ok(SharedDraft {
        name,
        document,
        references: Vec::new(),
    })
}

/// Whether the ruleset drops data.
pub(super) fn drops(document: &Document) -> bool {
    let rule = document.get("routingRule");
    rule.and_then(|rule| rule.get("destination")?.as_str()) == Some(DROP)
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("aggregationRules", json!([])),
        ("exceptionRules", json!([])),
        ("routingRule", Value::Null),
        ("version", json!(1)),
    ]
}

/// The name of the metric that an aggregation of this metric by these dimensions, or by all others, should have.
///
/// # Errors
/// [`Rejected`] names the field that breaks a rule of docs/contract.md#metric-rulesets.
pub fn aggregation_name(given: &Document) -> Result<String, Rejected> {
    let fields = Fields::of(given);
    let metric = fields.text_within("metricName", METRIC_NAME_CHARACTERS)?;
    let metric = metric.filter(|metric| !metric.is_empty());
    let metric = fields.required("metricName", metric)?;
    let dimensions = fields
        .find("dimensions")
        .map(|_| fields.texts("dimensions"));
    let dimensions = fields.required("dimensions", dimensions)??;
    let kept = match fields.truth("dropDimensions")? {
        Some(true) => "without",
        Some(false) | None => "by",
    };
    let mut words = vec![metric, kept];
    words.extend(dimensions.iter().take(LIST_ITEMS));
    words.push("agg");
    let name = words.join(".");
    if name.chars().count() > METRIC_NAME_CHARACTERS {
        let what = format!("the name would be longer than {METRIC_NAME_CHARACTERS} characters");
        return Err(fields.reject("dimensions", what));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruleset() -> Value {
        json!({
            "metricName": "cpu.utilization",
            "routingRule": {"destination": "Archived"},
            "aggregationRules": [{
                "enabled": true,
                "matcher": {"type": "dimension", "filters": [{"property": "realm", "propertyValue": ["a"]}]},
                "aggregator": {"type": "rollup", "outputName": "cpu.by.service.agg", "dimensions": ["service"]}
            }],
            "exceptionRules": [{
                "name": "kept", "enabled": true, "matcher": {"type": "dimension"},
                "restoration": {"startTime": 1_724_793_174_572_i64}
            }]
        })
    }

    /// The rejection of the ruleset with another value at a JSON pointer.
    fn check(pointer: &str, value: Value, field: &str) {
        let mut given = ruleset();
        *given.pointer_mut(pointer).unwrap() = value;
        let rejected = read(given.as_object().unwrap(), None).unwrap_err();
        assert_eq!(rejected.field, field, "{given}");
    }

    #[test]
    fn what_clients_expect_is_filled_in_and_what_they_do_not_know_is_dropped() {
        let mut given = ruleset();
        given["aggregationRules"][0]["matcher"]["other"] = json!(1);
        given["version"] = json!(7);
        let document = read(given.as_object().unwrap(), None).unwrap().document;
        let rule = &document["aggregationRules"][0];
        assert_eq!(rule["matcher"]["filters"][0]["NOT"], false);
        assert_eq!(rule["matcher"].get("other"), None);
        assert_eq!(rule["aggregator"]["dropDimensions"], false);
        assert_eq!(
            document["exceptionRules"][0]["restoration"]["restorationId"],
            ""
        );
        assert_eq!(document["version"], 1);
    }

    #[test]
    fn each_rejection_names_its_field() {
        let long = json!("x".repeat(257));
        check("/metricName", json!(""), "metricName");
        check("/metricName", long.clone(), "metricName");
        check("/routingRule", Value::Null, "routingRule");
        check("/routingRule", json!({}), "routingRule.destination");
        let elsewhere = json!({"destination": "Elsewhere"});
        check("/routingRule", elsewhere, "routingRule.destination");
        check(
            "/aggregationRules/0/enabled",
            Value::Null,
            "aggregationRules[0].enabled",
        );
        check(
            "/aggregationRules/0/aggregator/outputName",
            long,
            "aggregationRules[0].aggregator.outputName",
        );
        check(
            "/aggregationRules/0/matcher/type",
            json!("other"),
            "aggregationRules[0].matcher.type",
        );
        check(
            "/aggregationRules/0/matcher/filters/0/propertyValue",
            json!("a"),
            "aggregationRules[0].matcher.filters[0].propertyValue",
        );
        check(
            "/exceptionRules/0/name",
            Value::Null,
            "exceptionRules[0].name",
        );
        check(
            "/exceptionRules/0/restoration/startTime",
            json!("1"),
            "exceptionRules[0].restoration.startTime",
        );
    }

    #[test]
    fn a_generated_name_says_which_dimensions_are_kept() {
        let name = |given: Value| aggregation_name(given.as_object().unwrap());
        let mut given = json!({"metricName": "cpu", "dimensions": ["realm", "service"]});
        assert_eq!(name(given.clone()).unwrap(), "cpu.by.realm.service.agg");
        given["dropDimensions"] = json!(true);
        assert_eq!(
            name(given.clone()).unwrap(),
            "cpu.without.realm.service.agg"
        );
        given["dimensions"] = json!(["x".repeat(256)]);
        assert_eq!(name(given.clone()).unwrap_err().field, "dimensions");
        given["dimensions"] = Value::Null;
        assert_eq!(name(given).unwrap_err().field, "dimensions");
        assert_eq!(
            name(json!({"dimensions": []})).unwrap_err().field,
            "metricName"
        );
    }
}
