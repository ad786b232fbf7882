//! SLOs as their list and page show them.

use domain::platform::document::Document;
use leptos::serde_json::Value;

use super::facts::{Facts, fact, links};
use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::{
            detector::TextLink,
            shared::{Fact, Section},
        },
    },
    pages::objects::recipients::Recipients,
};

/// Its first target, in a line.
pub(super) fn summary(slo: &Document) -> String {
    targets(slo).next().map(target_text).unwrap_or_default()
}

/// What it does.
pub(super) async fn facts(
    slo: &Document,
    recipients: &mut Recipients<'_>,
) -> Result<Facts, UiError> {
    let kind = match text(slo, "type") {
        "RequestBased" => "Share of good events",
        "WindowsBased" => "Share of good time windows",
        other => other,
    };
    let inputs = slo.get("inputs").and_then(Value::as_object);
    let input = |field: &str| inputs.map(|inputs| text(inputs, field)).unwrap_or_default();
    let mut facts = vec![fact("Measures", kind)];
    for (label, field) in [
        ("Good events", "goodEventsLabel"),
        ("Total events", "totalEventsLabel"),
    ] {
        if !input(field).is_empty() {
            facts.push(fact(label, input(field)));
        }
    }
    let mut sections = Vec::new();
    for target in targets(slo) {
        facts.push(fact("Target", target_text(target)));
        for alert in items(target, "sloAlertRules").filter_map(Value::as_object) {
            sections.push(alert_section(alert, recipients).await?);
        }
    }
    Ok(Facts {
        facts,
        sections,
        program: input("programText").to_owned(),
    })
}

async fn alert_section(
    alert: &Document,
    recipients: &mut Recipients<'_>,
) -> Result<Section, UiError> {
    let title = match text(alert, "type") {
        "BREACH" => "Alert when the target is missed",
        "ERROR_BUDGET_LEFT" => "Alert when the error budget runs low",
        "BURN_RATE" => "Alert when the error budget is used up fast",
        other => other,
    };
    let mut facts: Vec<Fact> = Vec::new();
    for rule in items(alert, "rules").filter_map(Value::as_object) {
        let mut notified = Vec::new();
        for notification in items(rule, "notifications").filter_map(Value::as_object) {
            notified.push(recipients.notification(notification).await?);
        }
        if notified.is_empty() {
            notified.push(TextLink::from("No one".to_owned()));
        }
        facts.push(links(
            &format!("{} notifies", text(rule, "severity")),
            notified,
        ));
    }
    Ok(Section {
        title: title.to_owned(),
        facts,
    })
}

fn targets(slo: &Document) -> impl Iterator<Item = &Document> {
    items(slo, "targets").filter_map(Value::as_object)
}

/// A target as text: "99.9 % over 30 days".
fn target_text(target: &Document) -> String {
    let share = target.get("slo").map(Value::to_string).unwrap_or_default();
    let period = match (text(target, "compliancePeriod"), text(target, "cycleType")) {
        ("", cycle) => format!("each calendar {cycle}"),
        (period, _) => format!("over {} days", period.trim_end_matches('d')),
    };
    format!("{share} % {period}")
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    #[test]
    fn a_target_is_named_with_its_period() {
        let summary_of = |target: Value| summary(json!({"targets": [target]}).as_object().unwrap());
        assert_eq!(
            summary_of(json!({"type": "RollingWindow", "slo": 99.9, "compliancePeriod": "30d"})),
            "99.9 % over 30 days"
        );
        assert_eq!(
            summary_of(json!({"type": "CalendarWindow", "slo": 95, "cycleType": "month"})),
            "95 % each calendar month"
        );
        assert_eq!(summary(&Document::new()), "");
    }
}
