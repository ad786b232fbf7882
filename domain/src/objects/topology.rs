//! Requests for the topology of services (docs/contract.md#apm-topology). The server collects no traces.

use crate::platform::{
    document::Document, fields::Fields, rejection::Rejected, timestamp::is_date_time,
};

/// Checks a request for the topology of services.
///
/// # Errors
/// [`Rejected`] names the field that breaks a rule.
pub fn check_request(given: &Document) -> Result<(), Rejected> {
    let fields = Fields::of(given);
    let range = fields.required("timeRange", fields.text("timeRange")?)?;
    let is_range = range
        .split_once('/')
        .is_some_and(|(start, end)| is_date_time(start) && is_date_time(end));
    if !is_range {
        let what = "must be two times with a slash between them, such as \
            2024-01-01T00:00:00Z/2024-01-01T01:00:00Z";
        return Err(fields.reject("timeRange", what));
    }
    fields.each("tagFilters", |filter| {
        for field in ["name", "scope"] {
            let text = filter.text(field)?.filter(|text| !text.is_empty());
            filter.required(field, text)?;
        }
        let operator = filter.word("operator", &["equals", "in"])?;
        if filter.required("operator", operator)? == "equals" {
            filter.required("value", filter.text("value")?).map(drop)
        } else {
            filter.required("values", filter.list("values")?)?;
            filter.texts("values").map(drop)
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn each_rejection_names_its_field() {
        let range = "2024-01-01T00:00:00Z/2024-01-01T01:00:00.5+01:00";
        let check = |given: Value, field: Option<&str>| {
            let rejected = check_request(given.as_object().unwrap()).err();
            assert_eq!(
                rejected.map(|rejected| rejected.field).as_deref(),
                field,
                "{given}"
            );
        };
        check(json!({"timeRange": range}), None);
        for wrong in [
            json!("2024-01-01T00:00:00Z"),
            json!("a/b"),
            json!(1),
            Value::Null,
        ] {
            check(json!({"timeRange": wrong}), Some("timeRange"));
        }
        let filtered = |filter: Value| json!({"timeRange": range, "tagFilters": [filter]});
        let equals =
            json!({"name": "sf_service", "scope": "global", "operator": "equals", "value": "cart"});
        let within =
            json!({"name": "sf_service", "scope": "global", "operator": "in", "values": ["cart"]});
        check(filtered(equals.clone()), None);
        check(filtered(within.clone()), None);
        let without = |filter: &Value, field: &str| {
            let mut filter = filter.clone();
            filter.as_object_mut().unwrap().remove(field);
            filtered(filter)
        };
        for field in ["name", "scope", "operator", "value"] {
            check(
                without(&equals, field),
                Some(&format!("tagFilters[0].{field}")),
            );
        }
        check(without(&within, "values"), Some("tagFilters[0].values"));
    }
}
