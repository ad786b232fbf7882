//! Service level objectives: a target for the share of good events (docs/contract.md#slos). Programs are stored as
//! given and not evaluated.

use serde_json::{Value, json};

use super::draft::SharedDraft;
use crate::{
    objects::{detector::check_alert, object::Object},
    platform::{
        document::{Document, kept},
        fields::Fields,
        id::Id,
        rejection::Rejected,
    },
};

const FIELDS: &[&str] = &["description", "inputs", "metadata", "targets", "type"];

const DESCRIPTION_CHARACTERS: usize = 1_024;

const PROGRAM_CHARACTERS: usize = 50_000;

/// The longest compliance period, in days.
const LONGEST_PERIOD_DAYS: u32 = 30;

/// The filters of a search for SLOs with alerts of a type.
const ALERTS: &[&str] = &[
    "breachAlertsTriggered",
    "burnRateAlertsTriggered",
    "errorBudgetLeftAlertsTriggered",
];

/// The parameters of alert rules that are durations, such as `10m`.
const DURATIONS: &[&str] = &[
    "fireLasting",
    "shortWindow1",
    "longWindow1",
    "shortWindow2",
    "longWindow2",
];

/// The parameters of alert rules that are numbers.
const NUMBERS: &[&str] = &[
    "percentOfLasting",
    "percentErrorBudgetLeft",
    "burnRateThreshold1",
    "burnRateThreshold2",
];

pub(super) fn read(given: &Document, present: Option<&Object>) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    let name = fields.name(present.map(|present| present.name.as_str()))?;
    fields.text_within("description", DESCRIPTION_CHARACTERS)?;
    fields.texts("metadata")?;
    let kind = fields.required(
        "type",
        fields.word("type", &["RequestBased", "WindowsBased"])?,
    )?;
    fields.required("inputs", fields.object("inputs")?)?;
    fields.within("inputs", |inputs| {
        let program = inputs.text_within("programText", PROGRAM_CHARACTERS)?;
        inputs.required(
            "programText",
            program.filter(|text| !text.trim().is_empty()),
        )?;
        for label in ["goodEventsLabel", "totalEventsLabel"] {
            let text = inputs.text(label)?.filter(|text| !text.is_empty());
            if kind == "RequestBased" {
                inputs.required(label, text)?;
            }
        }
        Ok(())
    })?;
    let targets = fields.list("targets")?;
    fields.required("targets", targets.filter(|targets| !targets.is_empty()))?;
    fields.each("targets", check_target)?;
    Ok(SharedDraft {
        name,
        document: kept(given, FIELDS),
        references: Vec::new(),
    })
}

fn check_target(target: Fields<'_>) -> Result<(), Rejected> {
    let kind = target.word("type", &["RollingWindow", "CalendarWindow"])?;
    let kind = target.required("type", kind)?;
    let share = target.required("slo", target.find("slo"))?;
    let is_share = |share: f64| share > 0.0 && share < 100.0;
    if !share.as_f64().is_some_and(is_share) {
        return Err(target.reject("slo", "must be a percentage between 0 and 100"));
    }
    target.text("cycleStart")?;
    let cycle = target.word("cycleType", &["week", "month"])?;
    let period = target.text("compliancePeriod")?;
    if kind == "CalendarWindow" {
        target.required("cycleType", cycle)?;
    } else {
        let period = target.required("compliancePeriod", period)?;
        let is_period =
            |days: u32| (1..=LONGEST_PERIOD_DAYS).contains(&days) && format!("{days}d") == period;
        let days = period.strip_suffix('d').and_then(|days| days.parse().ok());
        if !days.is_some_and(is_period) {
            return Err(target.reject("compliancePeriod", "must be a period from 1d to 30d"));
        }
    }
    target.each("sloAlertRules", |alert| {
        let kinds = ["BREACH", "ERROR_BUDGET_LEFT", "BURN_RATE"];
        alert.required("type", alert.word("type", &kinds)?)?;
        alert.each("rules", |rule| {
            rule.text("detectLabel")?;
            check_alert(&rule)?;
            rule.within("parameters", check_parameters)
        })
    })
}

fn check_parameters(parameters: Fields<'_>) -> Result<(), Rejected> {
    for field in DURATIONS {
        parameters.text(field)?;
    }
    for field in NUMBERS {
        if parameters
            .find(field)
            .is_some_and(|value| !value.is_number())
        {
            return Err(parameters.reject(field, "must be a number"));
        }
    }
    Ok(())
}

/// A search for SLOs (docs/contract.md#slos).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SloSearch {
    /// Only these SLOs; empty for all.
    pub ids: Vec<Id>,
    /// Only SLOs with alerts: no SLO has any, because SLOs are not evaluated.
    pub with_alerts: bool,
}

impl SloSearch {
    /// Parses a request.
    ///
    /// # Errors
    /// [`Rejected`] names the field that has another type.
    pub fn read(given: &Document) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let mut with_alerts = false;
        for field in ALERTS {
            with_alerts |= fields.truth(field)?.unwrap_or_default();
        }
        Ok(Self {
            ids: fields.ids("sloIds")?,
            with_alerts,
        })
    }
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("type", Value::Null),
        ("inputs", Value::Null),
        ("targets", json!([])),
        ("metadata", json!([])),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slo() -> Value {
        json!({
            "name": "availability",
            "type": "RequestBased",
            "inputs": {"programText": "G = data('g')\nT = data('t')", "goodEventsLabel": "G", "totalEventsLabel": "T"},
            "targets": [{
                "type": "RollingWindow", "slo": 99.9, "compliancePeriod": "30d",
                "sloAlertRules": [{
                    "type": "BREACH",
                    "rules": [{"severity": "Major", "parameters": {"fireLasting": "5m", "percentOfLasting": 100}}]
                }]
            }]
        })
    }

    /// The SLO with another value at a JSON pointer.
    fn with(pointer: &str, value: Value) -> Value {
        let mut slo = slo();
        *slo.pointer_mut(pointer).unwrap() = value;
        slo
    }

    fn check(given: &Value, field: &str) {
        let rejected = read(given.as_object().unwrap(), None).unwrap_err();
        assert_eq!(rejected.field, field, "{given}");
    }

    #[test]
    fn an_slo_is_stored_as_given() {
        let given = slo();
        let draft = read(given.as_object().unwrap(), None).unwrap();
        assert_eq!(draft.document["targets"], given["targets"]);
        assert_eq!(draft.name, "availability");
    }

    #[test]
    fn each_rejection_names_its_field() {
        check(&with("/name", json!("")), "name");
        check(&with("/type", json!("Other")), "type");
        check(
            &with("/inputs/programText", json!(" ")),
            "inputs.programText",
        );
        check(
            &with("/inputs/goodEventsLabel", json!("")),
            "inputs.goodEventsLabel",
        );
        check(&with("/targets", json!([])), "targets");
        for share in [json!(0), json!(100), json!("99"), Value::Null] {
            check(&with("/targets/0/slo", share), "targets[0].slo");
        }
        for period in [
            json!("0d"),
            json!("31d"),
            json!("1w"),
            json!("+1d"),
            json!("01d"),
            Value::Null,
        ] {
            check(
                &with("/targets/0/compliancePeriod", period),
                "targets[0].compliancePeriod",
            );
        }
        check(
            &with("/targets/0/type", json!("CalendarWindow")),
            "targets[0].cycleType",
        );
        check(
            &with("/targets/0/sloAlertRules/0/type", json!("OTHER")),
            "targets[0].sloAlertRules[0].type",
        );
        check(
            &with("/targets/0/sloAlertRules/0/rules/0/severity", json!("Loud")),
            "targets[0].sloAlertRules[0].rules[0].severity",
        );
        check(
            &with(
                "/targets/0/sloAlertRules/0/rules/0/parameters/percentOfLasting",
                json!("x"),
            ),
            "targets[0].sloAlertRules[0].rules[0].parameters.percentOfLasting",
        );
    }

    #[test]
    fn a_search_names_ids_and_kinds_of_alerts() {
        let read = |given: Value| SloSearch::read(given.as_object().unwrap());
        let all = read(json!({"sloIds": null, "breachAlertsTriggered": false})).unwrap();
        assert!(all.ids.is_empty() && !all.with_alerts);
        let alerts =
            read(json!({"sloIds": ["AAAAAAAAAAE"], "burnRateAlertsTriggered": true})).unwrap();
        assert!(alerts.ids.len() == 1 && alerts.with_alerts);
        assert_eq!(
            read(json!({"sloIds": ["x"]})).unwrap_err().field,
            "sloIds[0]"
        );
        let wrong = read(json!({"errorBudgetLeftAlertsTriggered": "yes"})).unwrap_err();
        assert_eq!(wrong.field, "errorBudgetLeftAlertsTriggered");
    }
}
