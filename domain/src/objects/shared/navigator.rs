//! Navigators: how the instances of something, such as hosts, are shown (docs/contract.md#navigators).

use serde_json::{Value, json};

use super::draft::{Reference, SharedDraft};
use crate::{
    audit::event::ObjectType,
    objects::object::{Object, Relation},
    platform::{
        document::Document,
        fields::Fields,
        rejection::Rejected,
        shape::{Member, Shape, conform, optional, required},
    },
};

const CATEGORY: &[Member] = &[
    required("categoryName", Shape::Text),
    optional("categoryGroupName", Shape::Text),
    optional("categoryInstanceLabel", Shape::Text),
];

/// A column of the list, or a line of the tooltip.
const COLUMN: &[Member] = &[
    required("displayName", Shape::Text),
    required("property", Shape::Text),
    optional("format", Shape::Text),
];

const FILTER: &[Member] = &[
    required("property", Shape::Text),
    optional("propertyValue", Shape::TextOrTexts),
    optional("not", Shape::Truth),
    optional("type", Shape::Text),
];

const JOB: &[Member] = &[
    required("resolution", Shape::Whole),
    required("template", Shape::Text),
    required("varName", Shape::Text),
    optional("filters", Shape::Objects(FILTER)),
];

const THRESHOLD: &[Member] = &[
    optional("lowerLimit", Shape::ShortWhole),
    optional("paletteIndex", Shape::Whole),
];

const COLORING: &[Member] = &[
    optional("minValue", Shape::Whole),
    optional("maxValue", Shape::Whole),
    optional("palette", Shape::Text),
    optional("thresholds", Shape::Objects(THRESHOLD)),
];

const METRIC: &[Member] = &[
    required("id", Shape::Text),
    required("type", Shape::Text),
    required("job", Shape::Object(JOB)),
    required("metricSelectors", Shape::Texts),
    optional("coloringScheme", Shape::Object(COLORING)),
    optional("description", Shape::Text),
    optional("displayName", Shape::Text),
    optional("valueLabel", Shape::Text),
    optional("valueFormat", Shape::Text),
];

/// The members of a navigator, besides its name and those that it must have.
const NAVIGATOR: &[Member] = &[
    optional("alertQuery", Shape::Text),
    optional("defaultGroupBy", Shape::Text),
    optional("idDisplayName", Shape::Text),
    optional("instanceDashboards", Shape::Texts),
    optional("instanceDisplayText", Shape::Text),
    optional("instanceLabel", Shape::Text),
    optional("listColumns", Shape::Objects(COLUMN)),
    optional("systemTypes", Shape::Texts),
    optional("summaryMetricLabel", Shape::Text),
    optional("summaryMetricProgramText", Shape::Text),
    optional("tooltipKeyList", Shape::Objects(COLUMN)),
    optional("categories", Shape::Objects(CATEGORY)),
    optional("entityMetrics", Shape::Objects(METRIC)),
    optional("propertyIdentifierTemplate", Shape::Text),
    optional("requiredProperties", Shape::Texts),
];

/// The members that a navigator must have. An update that omits one keeps it.
const NEEDED: &[&str] = &[
    "categories",
    "entityMetrics",
    "propertyIdentifierTemplate",
    "requiredProperties",
];

pub(super) fn read(given: &Document, present: Option<&Object>) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    let name = fields.name_in("displayName", present.map(|present| present.name.as_str()))?;
    let mut document = conform(&fields, NAVIGATOR)?;
    for field in NEEDED {
        if !document.contains_key(*field) {
            let kept = present.and_then(|present| present.document.get(*field).cloned());
            document.insert((*field).to_owned(), fields.required(field, kept)?);
        }
    }
    let dashboards = fields.ids("instanceDashboards")?.into_iter().enumerate();
    let references = dashboards.map(|(index, id)| Reference {
        field: format!("instanceDashboards[{index}]"),
        kind: ObjectType::Dashboard,
        id,
    });
    Ok(SharedDraft {
        name,
        document,
        references: references.collect(),
    })
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    let mut defaults: Vec<_> = [
        "alertQuery",
        "defaultGroupBy",
        "idDisplayName",
        "instanceDisplayText",
        "instanceLabel",
        "propertyIdentifierTemplate",
        "summaryMetricLabel",
        "summaryMetricProgramText",
    ]
    .map(|field| (field, json!("")))
    .into();
    defaults.extend(
        [
            "categories",
            "entityMetrics",
            "instanceDashboards",
            "listColumns",
            "requiredProperties",
            "systemTypes",
            "tooltipKeyList",
        ]
        .map(|field| (field, json!([]))),
    );
    // There are no navigators but those of the organization.
    defaults.push(("ownerScope", json!("organization")));
    defaults
}

/// The dashboards of the instances.
pub(super) fn references(document: &Document) -> Vec<(Relation, String)> {
    let dashboards = document.get("instanceDashboards").and_then(Value::as_array);
    let ids = dashboards.into_iter().flatten().filter_map(Value::as_str);
    ids.map(|id| (Relation::Shows, id.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn navigator() -> Value {
        json!({
            "displayName": "Hosts", "categories": [{"categoryName": "Ours"}],
            "propertyIdentifierTemplate": "{{host}}", "requiredProperties": ["host"],
            "listColumns": [{"displayName": "Host", "property": "host"}],
            "instanceDashboards": ["AAAAAAAAAAE"],
            "entityMetrics": [{
                "id": "cpu", "type": "metric", "metricSelectors": ["_exists_:host"],
                "coloringScheme": {"minValue": 0, "thresholds": [{"lowerLimit": 90}]},
                "job": {"resolution": 60_000, "template": "A", "varName": "A",
                    "filters": [{"property": "env", "propertyValue": ["prod"], "not": true}]}
            }]
        })
    }

    #[test]
    fn a_navigator_is_stored_as_given_without_what_the_go_client_rejects() {
        let mut given = navigator();
        given["entityMetrics"][0]["job"]["other"] = json!(1);
        given["ownerScope"] = json!("splunk");
        let draft = read(given.as_object().unwrap(), None).unwrap();
        assert_eq!(draft.name, "Hosts");
        assert_eq!(draft.references[0].field, "instanceDashboards[0]");
        let mut expected = navigator();
        expected.as_object_mut().unwrap().remove("displayName");
        assert_eq!(Value::Object(draft.document), expected);
    }

    #[test]
    fn each_rejection_names_its_field() {
        let check = |pointer: &str, value: Value, field: &str| {
            let mut given = navigator();
            *given.pointer_mut(pointer).unwrap() = value;
            let rejected = read(given.as_object().unwrap(), None).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        };
        for field in ["displayName", "categories", "entityMetrics"] {
            check(&format!("/{field}"), Value::Null, field);
        }
        let template = "/propertyIdentifierTemplate";
        check(template, Value::Null, "propertyIdentifierTemplate");
        check("/requiredProperties", Value::Null, "requiredProperties");
        check("/requiredProperties", json!("host"), "requiredProperties");
        check(
            "/categories/0/categoryName",
            Value::Null,
            "categories[0].categoryName",
        );
        check(
            "/listColumns/0/property",
            json!(1),
            "listColumns[0].property",
        );
        check("/instanceDashboards/0", json!("x"), "instanceDashboards[0]");
        let metric = "/entityMetrics/0";
        let job = |field: &str| format!("{metric}/job/{field}");
        check(&format!("{metric}/id"), Value::Null, "entityMetrics[0].id");
        check(
            &job("resolution"),
            json!(1.5),
            "entityMetrics[0].job.resolution",
        );
        check(&job("varName"), Value::Null, "entityMetrics[0].job.varName");
        check(
            &job("filters/0/propertyValue"),
            json!({}),
            "entityMetrics[0].job.filters[0].propertyValue",
        );
        check(
            &format!("{metric}/coloringScheme/thresholds/0/lowerLimit"),
            json!(1_i64 << 31),
            "entityMetrics[0].coloringScheme.thresholds[0].lowerLimit",
        );
    }
}
