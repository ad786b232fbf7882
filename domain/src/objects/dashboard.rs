//! Requests about dashboards (docs/contract.md#dashboards).

use serde_json::{Value, json};

use crate::platform::{
    document::{Document, kept},
    fields::Fields,
    id::Id,
    rejection::Rejected,
};

/// The fields that a dashboard stores as given, besides name, group and permissions.
const FIELDS: &[&str] = &[
    "description",
    "charts",
    "chartDensity",
    "filters",
    "eventOverlays",
    "selectedEventOverlays",
    "discoveryOptions",
    "maxDelayOverride",
    "tags",
];

/// The fields of a chart's position.
const POSITION_FIELDS: &[&str] = &["chartId", "row", "column", "width", "height"];

const DENSITIES: &[&str] = &["DEFAULT", "LOW", "HIGH", "HIGHEST"];

const EVENT_TYPES: &[&str] = &["detectorEvents", "eventTimeSeries"];

/// A parsed request for a dashboard; its references are not looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub struct DashboardDraft {
    /// Its name.
    pub name: String,
    /// The group; `None` for a new group, or the current one.
    pub group_id: Option<Id>,
    /// The fields stored as given.
    pub document: Document,
}

impl DashboardDraft {
    /// Parses a request. `present_name` is the current name of the dashboard.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#dashboards.
    pub fn read(given: &Document, present_name: Option<&str>) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let name = fields.name(present_name)?;
        let group_id = fields.id("groupId")?;
        fields.text("description")?;
        fields.word("chartDensity", DENSITIES)?;
        fields.whole_number("maxDelayOverride", i32::MIN.into(), i32::MAX.into())?;
        fields.object("discoveryOptions")?;
        fields.check_tags()?;
        fields.each("charts", check_position)?;
        fields.within("filters", check_filters)?;
        fields.each("eventOverlays", check_overlay)?;
        fields.each("selectedEventOverlays", check_overlay)?;
        let mut document = kept(given, FIELDS);
        keep_positions(&mut document);
        Ok(Self {
            name,
            group_id,
            document,
        })
    }
}

/// Keeps the positions of charts, without the charts themselves, which the response of a simple dashboard has beside
/// them.
fn keep_positions(dashboard: &mut Document) {
    let charts = dashboard.get_mut("charts").and_then(Value::as_array_mut);
    for chart in charts.into_iter().flatten() {
        if let Some(chart) = chart.as_object_mut() {
            chart.retain(|field, _| POSITION_FIELDS.contains(&field.as_str()));
        }
    }
}

/// The position of a chart on a dashboard: `chartId`, `row`, `column`, `width` and `height`, as they are stored.
#[must_use]
pub fn position_of(dashboard: &Document, chart_id: Id) -> Document {
    let text = chart_id.to_string();
    let positions = dashboard.get("charts").and_then(Value::as_array);
    let mut positions = positions.into_iter().flatten().filter_map(Value::as_object);
    let of_chart = |position: &&Document| {
        position.get("chartId").and_then(Value::as_str) == Some(text.as_str())
    };
    positions.find(of_chart).cloned().unwrap_or_default()
}

/// Parses only the group, which is looked up before the rest is validated.
///
/// # Errors
/// [`Rejected`] when it is not an id.
pub fn group_id(given: &Document) -> Result<Option<Id>, Rejected> {
    Fields::of(given).id("groupId")
}

/// The values in responses for fields that were not given.
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("chartDensity", json!("DEFAULT")),
        ("charts", json!([])),
        ("filters", Value::Null),
        ("eventOverlays", json!([])),
        ("selectedEventOverlays", json!([])),
        ("discoveryOptions", Value::Null),
        ("maxDelayOverride", Value::Null),
        ("tags", Value::Null),
    ]
}

/// The charts on a dashboard, each once, in the order of their positions.
#[must_use]
pub fn chart_ids(dashboard: &Document) -> Vec<Id> {
    let mut ids = Vec::new();
    let positions = dashboard.get("charts").and_then(Value::as_array);
    for position in positions.into_iter().flatten() {
        let id = position.get("chartId").and_then(Value::as_str);
        if let Some(id) = id.and_then(|id| Id::parse(id).ok())
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

/// The dashboard without this chart.
#[must_use]
pub fn without_chart(mut dashboard: Document, chart_id: Id) -> Document {
    if let Some(positions) = dashboard.get_mut("charts").and_then(Value::as_array_mut) {
        let text = chart_id.to_string();
        positions.retain(|position| position.get("chartId").and_then(Value::as_str) != Some(&text));
    }
    dashboard
}

/// The dashboard with its charts replaced by copies: each pair is a chart and its copy.
#[must_use]
pub fn with_charts_replaced(mut dashboard: Document, copies: &[(Id, Id)]) -> Document {
    let positions = dashboard.get_mut("charts").and_then(Value::as_array_mut);
    for position in positions.into_iter().flatten() {
        let id = position.get("chartId").and_then(Value::as_str);
        let id = id.and_then(|id| Id::parse(id).ok());
        if let Some((_, copy)) = copies.iter().find(|(old, _)| Some(*old) == id) {
            position["chartId"] = json!(copy.to_string());
        }
    }
    dashboard
}

/// Charts per row of a simple dashboard (docs/contract.md#dashboards).
const CHARTS_PER_ROW: usize = 3;

/// Width of a chart of a simple dashboard, in columns.
const SIMPLE_WIDTH: usize = 4;

/// The positions of the charts of a simple dashboard, in order.
#[must_use]
pub fn simple_positions(charts: &[Id]) -> Value {
    let position = |(index, id): (usize, &Id)| {
        json!({
            "chartId": id.to_string(),
            "row": index / CHARTS_PER_ROW,
            "column": index % CHARTS_PER_ROW * SIMPLE_WIDTH,
            "width": SIMPLE_WIDTH,
            "height": 1,
        })
    };
    charts.iter().enumerate().map(position).collect()
}

fn check_position(chart: Fields<'_>) -> Result<(), Rejected> {
    chart.required("chartId", chart.id("chartId")?)?;
    chart.whole_number("column", 0, 11)?;
    chart.whole_number("row", 0, 99)?;
    chart.whole_number("width", 1, 12)?;
    chart.whole_number("height", 1, i32::MAX.into())?;
    Ok(())
}

/// Checks the filters of a dashboard, or the filters with which a group overrides them.
pub(crate) fn check_filters(filters: Fields<'_>) -> Result<(), Rejected> {
    filters.each("sources", |source| {
        source.required("property", source.text("property")?)?;
        // Clients send `value`, the reference has `values` (docs/contract.md#dashboard-groups); both can be a list or a
        // string.
        let value = source.find("value").or_else(|| source.find("values"));
        source.required("value", value)?;
        check_value(source, "value")?;
        check_value(source, "values")?;
        source.truth("NOT")?;
        source.truth("applyIfExists").map(drop)
    })?;
    filters.each("variables", |variable| {
        variable.required("property", variable.text("property")?)?;
        // The Terraform provider omits the value of a variable without one.
        check_value(variable, "value")?;
        variable.texts("preferredSuggestions")?;
        for field in ["alias", "description"] {
            variable.text(field)?;
        }
        for field in ["required", "restricted", "replaceOnly", "applyIfExists"] {
            variable.truth(field)?;
        }
        Ok(())
    })?;
    filters.within("time", |time| {
        for field in ["start", "end"] {
            if time
                .find(field)
                .is_some_and(|value| !value.is_string() && !value.is_i64())
            {
                return Err(time.reject(field, "must be a text or a whole number"));
            }
        }
        Ok(())
    })
}

fn check_value(filter: Fields<'_>, field: &str) -> Result<(), Rejected> {
    match filter.find(field) {
        None | Some(Value::String(_)) => Ok(()),
        Some(Value::Array(_)) => filter.texts(field).map(drop),
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Null) => {
            Err(filter.reject(field, "must be a text or a list of texts"))
        }
    }
}

fn check_overlay(overlay: Fields<'_>) -> Result<(), Rejected> {
    overlay.whole_number("eventColorIndex", 0, 15)?;
    overlay.truth("eventLine")?;
    overlay.text("label")?;
    overlay.within("eventSignal", |signal| {
        signal.text("eventSearchText")?;
        signal.word("eventType", EVENT_TYPES).map(drop)
    })?;
    overlay.each("sources", |source| check_value(source, "value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: Value) -> Result<DashboardDraft, Rejected> {
        DashboardDraft::read(given.as_object().unwrap(), None)
    }

    #[test]
    fn given_fields_are_stored_and_none_is_added() {
        let draft = read(json!({
            "id": "x", "name": "Checkout", "groupId": "EvKe0FYAIAA", "locked": true, "tags": null,
            "filters": {"time": {"start": "-1h", "end": 5}, "variables": [{"property": "env", "value": "prod"}]},
            "charts": [{"chartId": "EvKdzVxAYAA", "row": 0, "column": 0, "width": 6, "height": 1}],
        }))
        .unwrap();
        assert_eq!(draft.group_id, Id::parse("EvKe0FYAIAA").ok());
        assert_eq!(
            draft.document.keys().collect::<Vec<_>>(),
            ["filters", "charts"]
        );
        assert_eq!(
            chart_ids(&draft.document),
            [Id::parse("EvKdzVxAYAA").unwrap()]
        );
    }

    #[test]
    fn each_rejection_names_its_field() {
        let check = |given: Value, field: &str| {
            let mut named = json!({"name": "n"});
            named
                .as_object_mut()
                .unwrap()
                .extend(given.as_object().unwrap().clone());
            assert_eq!(read(named).unwrap_err().field, field);
        };
        check(json!({"name": ""}), "name");
        check(json!({"groupId": "short"}), "groupId");
        check(json!({"chartDensity": "MANY"}), "chartDensity");
        check(json!({"charts": [{"row": 0}]}), "charts[0].chartId");
        check(
            json!({"charts": [{"chartId": "EvKdzVxAYAA", "column": 12}]}),
            "charts[0].column",
        );
        check(
            json!({"charts": [{"chartId": "EvKdzVxAYAA", "width": 0}]}),
            "charts[0].width",
        );
        check(
            json!({"filters": {"sources": [{"property": "env"}]}}),
            "filters.sources[0].value",
        );
        check(
            json!({"filters": {"variables": [{"property": "env", "value": 1}]}}),
            "filters.variables[0].value",
        );
        check(
            json!({"filters": {"time": {"start": true}}}),
            "filters.time.start",
        );
        check(
            json!({"eventOverlays": [{"eventColorIndex": 16}]}),
            "eventOverlays[0].eventColorIndex",
        );
        check(json!({"maxDelayOverride": 1.5}), "maxDelayOverride");
        check(json!({"tags": ["x", 1]}), "tags[1]");
    }

    #[test]
    fn a_simple_dashboard_has_three_charts_in_a_row() {
        let charts: Vec<Id> = (1..=4).map(Id::from_bits).collect();
        let positions = simple_positions(&charts);
        assert_eq!(positions[2]["column"], 8);
        assert_eq!(
            (&positions[3]["row"], &positions[3]["column"]),
            (&json!(1), &json!(0))
        );
    }

    #[test]
    fn a_deleted_chart_is_removed_from_its_dashboard() {
        let draft = read(
            json!({"name": "n", "charts": [{"chartId": "EvKdzVxAYAA"}, {"chartId": "EvKe0FYAIAA"}]}),
        );
        let left = without_chart(draft.unwrap().document, Id::parse("EvKdzVxAYAA").unwrap());
        assert_eq!(left["charts"], json!([{"chartId": "EvKe0FYAIAA"}]));
    }
}
