//! Requests about detectors (docs/contract.md#detectors): fields, rules, and the labels that the program publishes.

use serde_json::{Value, json};

use crate::platform::{
    document::{Document, Fields, kept, reject},
    id::Id,
    notification::check_notifications,
    rejection::Rejected,
};

mod program;

pub use program::{Published, published};

/// The fields that a detector stores as given, besides name and permissions.
const FIELDS: &[&str] = &[
    "description",
    "programText",
    "rules",
    "maxDelay",
    "minDelay",
    "timezone",
    "tags",
    "teams",
    "packageSpecifications",
    "customProperties",
    "detectorOrigin",
    "parentDetectorId",
    "visualizationOptions",
];

/// The fields that an update keeps when the request omits them (docs/contract.md#updates).
const STICKY: &[&str] = &["detectorOrigin", "parentDetectorId"];

const SEVERITIES: &[&str] = &["Critical", "Major", "Minor", "Warning", "Info"];

const STATES: &[&str] = &["OK", "AUTO_RESOLVED", "STOPPED", "MANUALLY_RESOLVED"];

/// The longest time that a detector waits for data, in milliseconds.
const LONGEST_DELAY_MS: i64 = 900_000;

const MINUTE_MS: i64 = 60_000;

/// Bounds of the interval between two reminders: 5 minutes to 7 days, in milliseconds.
const REMINDER_MS: (i64, i64) = (5 * MINUTE_MS, 7 * 24 * 60 * MINUTE_MS);

/// A parsed request for a detector; its teams are not looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectorDraft {
    /// Its name.
    pub name: String,
    /// Teams it is linked to.
    pub team_ids: Vec<Id>,
    /// The fields stored as given.
    pub document: Document,
}

impl DetectorDraft {
    /// Parses a request. `present` is the current name and document of the detector.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#detectors.
    pub fn read(given: &Document, present: Option<(&str, &Document)>) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let name = fields.name(present.map(|(name, _)| name))?;
        check_content(&fields)?;
        let program = fields.required("programText", fields.text("programText")?)?;
        fields.required("rules", fields.list("rules")?)?;
        fields.each("rules", check_rule)?;
        let mut document = kept(given, FIELDS);
        if let Some((_, present)) = present {
            keep_sticky(&mut document, present);
        }
        check_origin(&document)?;
        check_labels(program, &document)?;
        show_whether_disabled(&mut document);
        Ok(Self {
            name,
            team_ids: fields.ids("teams")?,
            document,
        })
    }
}

/// The values in responses for fields that were not given. Fields absent here stay absent.
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("programText", json!("")),
        ("rules", json!([])),
        ("maxDelay", Value::Null),
        ("minDelay", Value::Null),
        ("timezone", json!("UTC")),
        ("tags", json!([])),
        ("teams", json!([])),
        ("packageSpecifications", json!("")),
        ("customProperties", json!({})),
        ("detectorOrigin", json!("Standard")),
    ]
}

/// The detector with the rules of these labels disabled or enabled.
///
/// # Errors
/// [`Rejected`] with the message of docs/contract.md#detectors when no rule has one of the labels.
pub fn with_rules_disabled(
    mut detector: Document,
    labels: &[String],
    disabled: bool,
) -> Result<Document, Rejected> {
    let mut none = Vec::new();
    let rules = detector.get_mut("rules").and_then(Value::as_array_mut);
    let rules = rules.unwrap_or(&mut none);
    for label in labels {
        let mut found = false;
        for rule in rules.iter_mut() {
            if rule.get("detectLabel").and_then(Value::as_str) == Some(label) {
                rule["disabled"] = json!(disabled);
                found = true;
            }
        }
        if !found {
            return Err(Rejected::whole(format!(
                "Label not found in detector: {label}"
            )));
        }
    }
    Ok(detector)
}

fn keep_sticky(document: &mut Document, present: &Document) {
    for field in STICKY {
        if let (false, Some(value)) = (document.contains_key(*field), present.get(*field)) {
            document.insert((*field).to_owned(), value.clone());
        }
    }
}

fn check_content(fields: &Fields<'_>) -> Result<(), Rejected> {
    for field in ["description", "timezone", "packageSpecifications"] {
        fields.text(field)?;
    }
    fields.whole_number("maxDelay", 0, LONGEST_DELAY_MS)?;
    fields.whole_number("minDelay", 0, LONGEST_DELAY_MS)?;
    fields.id("parentDetectorId")?;
    fields.check_tags()?;
    fields.within("visualizationOptions", |options| {
        for field in ["disableSampling", "showDataMarkers", "showEventLines"] {
            options.truth(field)?;
        }
        options.within("time", |time| {
            time.word("type", &["absolute", "relative"]).map(drop)
        })?;
        options.each("publishLabelOptions", |label| {
            label.text("label")?;
            label.whole_number("paletteIndex", 0, 15).map(drop)
        })
    })
}

fn check_rule(rule: Fields<'_>) -> Result<(), Rejected> {
    rule.required("detectLabel", rule.text("detectLabel")?)?;
    rule.required("severity", rule.word("severity", SEVERITIES)?)?;
    for field in [
        "description",
        "parameterizedBody",
        "parameterizedSubject",
        "runbookUrl",
        "tip",
    ] {
        rule.text(field)?;
    }
    rule.truth("disabled")?;
    check_notifications(&rule, "notifications")?;
    for (index, state) in rule
        .texts("skipClearNotificationStates")?
        .iter()
        .enumerate()
    {
        if !STATES.contains(state) {
            let field = format!("skipClearNotificationStates[{index}]");
            return Err(rule.reject(&field, format!("must be one of {}", STATES.join(", "))));
        }
    }
    rule.within("reminderNotification", check_reminder)
}

fn check_reminder(reminder: Fields<'_>) -> Result<(), Rejected> {
    reminder.word("type", &["TIMEOUT"])?;
    let minutes = |field| {
        // Go clients may send an absent timeout as 0.
        let given = reminder
            .find(field)
            .filter(|value| value.as_i64() != Some(0));
        let number = match given {
            None => return Ok(None),
            Some(_) => reminder.whole_number(field, REMINDER_MS.0, REMINDER_MS.1)?,
        };
        if number.is_some_and(|number| number % MINUTE_MS != 0) {
            return Err(reminder.reject(field, "must be whole minutes, in milliseconds"));
        }
        Ok(number)
    };
    let interval = reminder.required("interval", minutes("interval")?)?;
    if minutes("timeout")?.is_some_and(|timeout| interval > timeout) {
        return Err(reminder.reject("interval", "is longer than the timeout"));
    }
    Ok(())
}

/// There are no built-in automatic detectors; a customization names its parent.
fn check_origin(document: &Document) -> Result<(), Rejected> {
    let fields = Fields::of(document);
    match fields.word("detectorOrigin", &["Standard", "AutoDetectCustomization"])? {
        Some("AutoDetectCustomization") => fields
            .required("parentDetectorId", fields.id("parentDetectorId")?)
            .map(drop),
        Some(_) | None => Ok(()),
    }
}

fn check_labels(program: &str, document: &Document) -> Result<(), Rejected> {
    let published = published(program);
    if published.labels.is_empty() && !published.any {
        return Err(reject(
            "programText",
            "publishes nothing: it needs a publish() with a label",
        ));
    }
    let rules = document.get("rules").and_then(Value::as_array);
    for (index, rule) in rules.into_iter().flatten().enumerate() {
        let label = rule
            .get("detectLabel")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !published.any && !published.labels.iter().any(|published| published == label) {
            let field = format!("rules[{index}].detectLabel");
            return Err(reject(
                field,
                format!("the program publishes no label {label}"),
            ));
        }
    }
    Ok(())
}

/// Responses show the disabled state of every rule. It is stored, so that a response sent back compares as equal.
fn show_whether_disabled(document: &mut Document) {
    let rules = document.get_mut("rules").and_then(Value::as_array_mut);
    for rule in rules.into_iter().flatten().filter_map(Value::as_object_mut) {
        let disabled = rule
            .get("disabled")
            .and_then(Value::as_bool)
            .unwrap_or_default();
        rule.insert("disabled".to_owned(), json!(disabled));
    }
}

#[cfg(test)]
mod tests;
