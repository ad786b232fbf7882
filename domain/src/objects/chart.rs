//! Requests about charts (docs/contract.md#charts). Chart options are stored as given and not validated.

use serde_json::{Value, json};

use crate::platform::{
    document::{Document, kept},
    fields::Fields,
    id::Id,
    rejection::Rejected,
};

/// The type of a chart of an SLO, in its options.
pub const SLO_CHART: &str = "SLO";

/// The fields that a chart stores as given, besides the name.
const FIELDS: &[&str] = &[
    "description",
    "programText",
    "options",
    "tags",
    "customProperties",
    "packageSpecifications",
    "relatedDetectorIds",
    "sloId",
];

/// A parsed request for a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartDraft {
    /// Its name.
    pub name: String,
    /// The fields stored as given.
    pub document: Document,
}

impl ChartDraft {
    /// Parses a request. `present_name` is the current name of the chart.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#charts.
    pub fn read(given: &Document, present_name: Option<&str>) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let name = fields.name(present_name)?;
        for field in ["description", "programText", "packageSpecifications"] {
            fields.text(field)?;
        }
        let slo = fields.id("sloId")?;
        fields.required("options", fields.find("options"))?;
        fields.within("options", |options| {
            options.required("type", options.text("type")?).map(drop)
        })?;
        fields.ids("relatedDetectorIds")?;
        fields.check_tags()?;
        let mut document = kept(given, FIELDS);
        if slo.is_none() {
            document.shift_remove("sloId");
        }
        Ok(Self { name, document })
    }

    /// Parses a chart of a simple dashboard. Without options it is a time series, which requires a program.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_simple(given: &Document) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        if fields.find("options").is_some() {
            return Self::read(given, None);
        }
        fields.required("programText", fields.text("programText")?)?;
        let mut given = given.clone();
        given.insert("options".to_owned(), json!({"type": "TimeSeriesChart"}));
        Self::read(&given, None)
    }
}

/// Parses a request about a chart of an SLO: the id of the SLO.
///
/// # Errors
/// [`Rejected`] when it is missing or malformed.
pub fn slo_of_request(given: &Document) -> Result<Id, Rejected> {
    let fields = Fields::of(given);
    fields.required("sloId", fields.id("sloId")?)
}

/// The values in responses for fields that were not given.
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("programText", Value::Null),
        ("options", json!({})),
        ("tags", Value::Null),
        ("customProperties", Value::Null),
        ("packageSpecifications", Value::Null),
        ("relatedDetectorIds", Value::Null),
        ("sloId", Value::Null),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: Value, field: &str) {
        let rejected = ChartDraft::read(given.as_object().unwrap(), None).unwrap_err();
        assert_eq!(rejected.field, field);
    }

    #[test]
    fn options_are_stored_as_given() {
        let options = json!({"type": "Hologram", "depth": {"of": ["field"]}, "none": null});
        let given = json!({"name": "cpu", "options": options, "creator": "x", "description": null});
        let draft = ChartDraft::read(given.as_object().unwrap(), None).unwrap();
        assert_eq!(Value::Object(draft.document), json!({"options": options}));
        for properties in [json!("a text"), json!(["a"]), json!({"a": 1})] {
            let given = json!({"name": "cpu", "options": options, "customProperties": properties});
            let draft = ChartDraft::read(given.as_object().unwrap(), None).unwrap();
            assert_eq!(draft.document["customProperties"], properties);
        }
    }

    #[test]
    fn each_rejection_names_its_field() {
        check(json!({"options": {"type": "List"}}), "name");
        check(json!({"name": "n"}), "options");
        check(json!({"name": "n", "options": {}}), "options.type");
        check(json!({"name": "n", "options": []}), "options");
        check(
            json!({"name": "n", "options": {"type": "List"}, "relatedDetectorIds": ["x"]}),
            "relatedDetectorIds[0]",
        );
        check(
            json!({"name": "n", "options": {"type": "SLO"}, "sloId": "x"}),
            "sloId",
        );
    }

    #[test]
    fn an_empty_id_of_an_slo_is_none() {
        let given = json!({"name": "n", "options": {"type": "Text"}, "sloId": ""});
        let draft = ChartDraft::read(given.as_object().unwrap(), None).unwrap();
        assert!(!draft.document.contains_key("sloId"));
    }

    #[test]
    fn a_simple_chart_requires_options_or_a_program() {
        let given = json!({"name": "cpu", "programText": "data('cpu').publish()"});
        let draft = ChartDraft::read_simple(given.as_object().unwrap()).unwrap();
        assert_eq!(draft.document["options"]["type"], "TimeSeriesChart");
        assert!(ChartDraft::read_simple(json!({"name": "cpu"}).as_object().unwrap()).is_err());
        let text = json!({"name": "notes", "options": {"type": "Text", "markdown": "*"}});
        assert!(ChartDraft::read_simple(text.as_object().unwrap()).is_ok());
    }
}
