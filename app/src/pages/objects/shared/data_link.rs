//! Data links as their list and page show them.

use domain::{
    identity::actor::Caller, objects::permissions::ItemKind, platform::document::Document,
};
use leptos::serde_json::Value;
use service::Service;

use super::facts::{Facts, fact, links, object_link};
use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::{
            detector::TextLink,
            shared::{Fact, Section},
        },
    },
};

/// The types of targets, in words.
const TYPES: [(&str, &str); 4] = [
    ("INTERNAL_LINK", "Dashboard"),
    ("EXTERNAL_LINK", "Web page"),
    ("SPLUNK_LINK", "Splunk instance"),
    ("APPD_LINK", "AppDynamics"),
];

/// Where it leads, in a line.
pub(super) fn summary(link: &Document) -> String {
    let names = targets(link).map(|target| text(target, "name"));
    names.collect::<Vec<_>>().join(", ")
}

/// What it does.
pub(super) async fn facts(
    service: &Service,
    caller: &Caller,
    link: &Document,
) -> Result<Facts, UiError> {
    let shown_on = match text(link, "contextId") {
        "" => TextLink::from("Every dashboard".to_owned()),
        id => object_link(service, caller, ItemKind::Dashboard, id).await?,
    };
    let property = match (text(link, "propertyName"), text(link, "propertyValue")) {
        ("", _) => "Every property".to_owned(),
        (name, "") => format!("{name}, with any value"),
        (name, value) => format!("{name}: {value}"),
    };
    let mut sections = Vec::new();
    for target in targets(link) {
        sections.push(Section {
            title: format!("Target {}", text(target, "name")),
            facts: target_facts(service, caller, target).await?,
        });
    }
    Ok(Facts {
        facts: vec![
            fact("Property", property),
            links("Shown on", vec![shown_on]),
        ],
        sections,
        ..Facts::default()
    })
}

async fn target_facts(
    service: &Service,
    caller: &Caller,
    target: &Document,
) -> Result<Vec<Fact>, UiError> {
    let kind = text(target, "type");
    let in_words = TYPES.iter().find(|(known, _)| *known == kind);
    let mut facts = vec![fact("Leads to", in_words.map_or(kind, |(_, words)| words))];
    if kind == "INTERNAL_LINK" {
        let id = text(target, "dashboardId");
        let dashboard = object_link(service, caller, ItemKind::Dashboard, id).await?;
        facts.push(links("Dashboard", vec![dashboard]));
    }
    let url = text(target, "url");
    if !url.is_empty() {
        // A template has parts such as {{value}}, so that it is no link yet.
        facts.push(fact("URL", url));
    }
    if target.get("isDefault").and_then(Value::as_bool) == Some(true) {
        facts.push(fact("Default", "Yes"));
    }
    let mapping = target.get("propertyKeyMapping").and_then(Value::as_object);
    let renamed = mapping.into_iter().flatten();
    let renamed = renamed.filter_map(|(from, to)| Some(format!("{from} → {}", to.as_str()?)));
    let renamed: Vec<_> = renamed.map(TextLink::from).collect();
    if !renamed.is_empty() {
        facts.push(links("Renames properties", renamed));
    }
    Ok(facts)
}

fn targets(link: &Document) -> impl Iterator<Item = &Document> {
    items(link, "targets").filter_map(Value::as_object)
}
