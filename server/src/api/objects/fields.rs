//! What dashboards, groups, charts, detectors and teams have in common on the wire: the fields the server manages, the
//! permissions, and how lists are asked for and shown (docs/contract.md#managed-fields, docs/contract.md#lists and
//! docs/contract.md#permission-fields).

use domain::{
    objects::{object::Object, permissions::CurrentPermissions},
    platform::{document::Document, id::Id, page::Page},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use service::ListQuery;

use crate::api::platform::{error::ApiError, path::Parameters};

/// Objects in a page when the request does not say (docs/contract.md#lists).
pub(crate) const DEFAULT_LIMIT: i64 = 50;

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}", deny_unknown_fields)]
pub(crate) struct ListBody<T> {
    /// How many there are in all, besides those the caller may not read.
    #[schemars(range(min = 0))]
    count: i64,
    results: Vec<T>,
}

impl<T> From<Page<T>> for ListBody<T> {
    fn from(page: Page<T>) -> Self {
        Self {
            count: page.count,
            results: page.results,
        }
    }
}

/// What a list is asked for with. `orderBy` and `order_by` are the same.
pub(crate) fn list_query<P>(parameters: &Parameters<P>) -> Result<ListQuery, ApiError> {
    let text = |name| parameters.find(name).unwrap_or_default().to_owned();
    let id = |name| parameters.find(name).map(Id::parse).transpose();
    let order_by = parameters.find("orderBy").or(parameters.find("order_by"));
    Ok(ListQuery {
        name: text("name"),
        type_name: text("type"),
        tags: parameters.all("tags").map(str::to_owned).collect(),
        order_by: order_by.unwrap_or_default().to_owned(),
        chart_id: id("chartId")?,
        dashboard_id: id("dashboardId")?,
        group_id: id("groupId")?,
        team_id: id("teamId")?,
        creator_id: None,
        enabled: None,
    })
}

/// An object as the API shows it: what was given, in the order of `defaults`, then what only the server knows.
pub(crate) fn shown(
    object: &Object,
    defaults: Vec<(&'static str, Value)>,
    managed: Document,
) -> Document {
    let mut shown = Document::new();
    shown.insert("id".to_owned(), json!(object.id));
    shown.insert("name".to_owned(), json!(object.name));
    for (field, default) in defaults {
        let given = object.document.get(field).cloned();
        shown.insert(field.to_owned(), given.unwrap_or(default));
    }
    for (field, value) in &object.document {
        if !shown.contains_key(field) {
            shown.insert(field.clone(), value.clone());
        }
    }
    shown.extend(permissions(object));
    shown.extend(managed);
    for (field, stamp) in [
        ("created", &object.created),
        ("lastUpdated", &object.updated),
    ] {
        shown.insert(field.to_owned(), json!(stamp.at.as_millis()));
    }
    shown.insert("creator".to_owned(), json!(object.created.by.actor_id));
    shown.insert(
        "lastUpdatedBy".to_owned(),
        json!(object.updated.by.actor_id),
    );
    shown
}

fn permissions(object: &Object) -> Document {
    let mut shown = Document::new();
    let Some(item) = service::item_of(object) else {
        return shown;
    };
    let present = CurrentPermissions {
        item,
        organization_id: object.organization_id,
        protection: &object.protection,
    };
    shown.insert("authorizedWriters".to_owned(), present.authorized_writers());
    if let Some(permissions) = present.permissions() {
        shown.insert("permissions".to_owned(), permissions);
    }
    shown
}
