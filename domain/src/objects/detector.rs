//! Requests about detectors (docs/contract.md#detectors): fields, rules, and the labels that the program publishes.

use serde_json::{Value, json};

use crate::platform::{
    document::{Document, kept, reject},
    fields::Fields,
    id::Id,
    rejection::Rejected,
};

mod program;
mod rule;

pub use program::{Published, published};
pub(crate) use rule::check_alert;
use rule::check_rule;

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

/// The fields that an update keeps when the request omits them or has `null` (docs/contract.md#updates).
const STICKY: &[&str] = &["detectorOrigin", "parentDetectorId", "tags", "teams"];

/// The longest time that a detector waits for data, in milliseconds.
const LONGEST_DELAY_MS: i64 = 900_000;

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
            team_ids: Fields::of(&document).ids("teams")?,
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
    // The Go client validates a list of options.
    if fields
        .find("visualizationOptions")
        .is_some_and(Value::is_array)
    {
        fields.each("visualizationOptions", check_visualization)
    } else {
        fields.within("visualizationOptions", check_visualization)
    }
}

fn check_visualization(options: Fields<'_>) -> Result<(), Rejected> {
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
