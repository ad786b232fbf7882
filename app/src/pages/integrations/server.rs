//! Integrations, gathered from the service as pages show them.

use domain::{
    identity::actor::Caller,
    integrations::{FormPart, form_of, label, typed},
    platform::{document::Document, id::Id},
};
use leptos::serde_json::{Value, json};
use service::{IntegrationView, ListQuery, Service};

use crate::{
    error::UiError,
    model::{
        document::text,
        integrations::integration::{
            IntegrationDetail, IntegrationList, IntegrationQuery, IntegrationRow, Validated,
        },
    },
    request::{context::told, parameters},
    ui::events::readable,
};

/// A page of the integrations that are asked for, and what the list can be narrowed by.
pub(crate) async fn list(
    service: &Service,
    caller: &Caller,
    query: IntegrationQuery,
) -> Result<IntegrationList, UiError> {
    let name = match query.search.as_str() {
        "" => String::new(),
        search => format!("*{search}*"),
    };
    let asked = ListQuery {
        type_name: query.kind,
        enabled: match query.state.as_str() {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        },
        creator_id: parameters::chosen(&query.creator),
        ..parameters::by_name(name, query.sort)
    };
    let page = parameters::page(query.page);
    let found = told(service.integrations().list(caller, &asked, page).await)?;
    let creators = told(service.integrations().creators(caller).await)?;
    Ok(IntegrationList {
        count: found.count,
        rows: found.results.iter().map(row).collect(),
        creators: parameters::choices(creators),
    })
}

/// An integration with its settings.
pub(crate) fn detail(found: IntegrationView) -> IntegrationDetail {
    let document = &found.integration.document;
    let parts = form_of(text(document, "type")).unwrap_or_default();
    let mut facts = vec![("Id".to_owned(), found.integration.id.to_string())];
    let mut secrets = Vec::new();
    let mut known = vec!["type".to_owned(), "enabled".to_owned()];
    for part in &parts {
        match part {
            FormPart::Field(field) if field.is_secret => {
                let is_stored = found.secret_places.contains(&field.path);
                secrets.push((field.label.clone(), is_stored));
                known.push(field.path.clone());
            }
            FormPart::Field(field) => {
                let value = typed(document, None, field);
                if !value.is_empty() {
                    facts.push((field.label.clone(), value));
                }
                let outer = field.path.split('.').next().unwrap_or_default();
                known.push(outer.to_owned());
            }
            FormPart::Items { name, label, .. } => {
                if let Some(value) = document.get(*name).filter(|value| **value != json!([])) {
                    facts.push((label.clone(), readable(value)));
                }
                known.push((*name).to_owned());
            }
        }
    }
    let others = document
        .iter()
        .filter(|(name, value)| !known.contains(name) && !value.is_null());
    facts.extend(others.map(|(name, value)| (label(name), readable(value))));
    let named = found.secret_places.iter();
    let unnamed = named.filter(|place| !known.contains(place));
    secrets.extend(unnamed.map(|place| (place.clone(), true)));
    IntegrationDetail {
        is_asked: is_asked(document),
        row: row(&found),
        facts,
        secrets,
    }
}

/// Whether validating it asks somebody: it has an address to send to.
fn is_asked(document: &Document) -> bool {
    const ASKED: &[&str] = &[
        "Slack",
        "Webhook",
        "Opsgenie",
        "VictorOps",
        "Office365",
        "Jira",
        "ServiceNow",
        "XMatters",
        "SplunkPlatform",
        "AzureAD",
        "Okta",
        "OneLogin",
        "Bitium",
    ];
    ASKED.contains(&text(document, "type"))
}

/// Enables or disables an integration: what it says stays, and so do its secrets.
pub(crate) async fn switch(
    service: &Service,
    caller: &Caller,
    id: Id,
    enabled: bool,
) -> Result<(), UiError> {
    let found = told(service.integrations().find(caller, id).await)?;
    let mut given = found.integration.document;
    given.insert("enabled".to_owned(), json!(enabled));
    told(service.integrations().update(caller, id, &given).await).map(drop)
}

pub(crate) fn row(found: &IntegrationView) -> IntegrationRow {
    let integration = &found.integration;
    IntegrationRow {
        id: integration.id.to_string(),
        name: integration.name.clone(),
        kind: text(&integration.document, "type").to_owned(),
        enabled: integration.document.get("enabled") != Some(&Value::Bool(false)),
        validated: match &found.check {
            Some(check) if check.at >= integration.updated.at => match &check.failure {
                None => Validated::Sound(check.at),
                Some(why) => Validated::Failed(check.at, why.clone()),
            },
            Some(_) | None => Validated::Not,
        },
        created_at: integration.created.at,
        created_by: integration.created.by.actor_name.clone(),
        updated_at: integration.updated.at,
        updated_by: integration.updated.by.actor_name.clone(),
    }
}
