//! Requests that clear many incidents (docs/contract.md#incidents).

use serde_json::Value;

use crate::platform::{document::Document, fields::Fields, rejection::Rejected};

/// Checks the filters that select incidents to clear.
///
/// # Errors
/// [`Rejected`] without a filter, or naming the field of a filter that breaks a rule.
pub fn check_filters(given: &Document) -> Result<(), Rejected> {
    let fields = Fields::of(given);
    if fields.list("filters")?.unwrap_or_default().is_empty() {
        return Err(fields.reject("filters", "at least one is needed"));
    }
    fields.each("filters", |filter| {
        let property = filter.text("property")?.filter(|text| !text.is_empty());
        filter.required("property", property)?;
        filter.truth("NOT")?;
        let values = filter.required("propertyValue", filter.list("propertyValue")?)?;
        let is_plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        if values.is_empty() || !values.iter().all(is_plain) {
            let what = "must be a list of texts, numbers or truth values";
            return Err(filter.reject("propertyValue", what));
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_filter_names_a_property_and_its_values() {
        let check = |given: Value, field: Option<&str>| {
            let rejected = check_filters(given.as_object().unwrap()).err();
            assert_eq!(rejected.map(|rejected| rejected.field).as_deref(), field);
        };
        check(
            json!({"filters": [{"property": "sf_severity", "propertyValue": ["Critical", 1, true], "NOT": false}]}),
            None,
        );
        check(json!({}), Some("filters"));
        check(json!({"filters": []}), Some("filters"));
        check(json!({"filters": ["x"]}), Some("filters[0]"));
        check(
            json!({"filters": [{"propertyValue": ["x"]}]}),
            Some("filters[0].property"),
        );
        check(
            json!({"filters": [{"property": "x"}]}),
            Some("filters[0].propertyValue"),
        );
        check(
            json!({"filters": [{"property": "x", "propertyValue": [{}]}]}),
            Some("filters[0].propertyValue"),
        );
        check(
            json!({"filters": [{"property": "x", "propertyValue": ["y"], "NOT": 1}]}),
            Some("filters[0].NOT"),
        );
    }
}
