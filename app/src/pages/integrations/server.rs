//! Integrations, read from the service as their pages show them.

use domain::{identity::actor::Caller, platform::id::Id};
use leptos::serde_json::{Value, json};
use service::{CheckOutcome, IntegrationView, ListQuery, Service};

use crate::{
    error::UiError,
    model::{
        document::text,
        integrations::integration::{
            IntegrationDetail, IntegrationList, IntegrationQuery, IntegrationRow, ValidationResult,
        },
    },
    pages::integrations::settings::SettingList,
    request::{parameters, report},
};

/// The types whose validation connects to the host that they send to.
const CONNECTING: &[&str] = &[
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

/// A page of the list.
pub(super) async fn list(
    service: &Service,
    caller: &Caller,
    query: IntegrationQuery,
) -> Result<IntegrationList, UiError> {
    // Without asterisks the service compares whole names, as the API does.
    let name = match query.search.as_str() {
        "" => String::new(),
        search => format!("*{search}*"),
    };
    let list_query = ListQuery {
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
    let found = service.integrations().list(caller, &list_query, page).await;
    let found = report(found)?;
    let creators = report(service.integrations().creators(caller).await)?;
    Ok(IntegrationList {
        count: found.count,
        rows: found.results.iter().map(row).collect(),
        creators: parameters::choices(creators),
    })
}

/// An integration with its settings.
pub(super) fn detail(found: IntegrationView) -> IntegrationDetail {
    let document = &found.integration.document;
    let SettingList { settings, secrets } = SettingList::of(&found);
    IntegrationDetail {
        connects: CONNECTING.contains(&text(document, "type")),
        row: row(&found),
        settings,
        secrets,
    }
}

/// Enables or disables an integration. Secrets are not part of the document; those left out stay stored.
pub(super) async fn set_enabled(
    service: &Service,
    caller: &Caller,
    id: Id,
    enabled: bool,
) -> Result<(), UiError> {
    let found = report(service.integrations().find(caller, id).await)?;
    let mut document = found.integration.document;
    document.insert("enabled".to_owned(), json!(enabled));
    let updated = service.integrations().update(caller, id, &document).await;
    report(updated).map(drop)
}

fn row(found: &IntegrationView) -> IntegrationRow {
    let integration = &found.integration;
    IntegrationRow {
        id: integration.id.to_string(),
        name: integration.name.clone(),
        kind: text(&integration.document, "type").to_owned(),
        enabled: integration.document.get("enabled") != Some(&Value::Bool(false)),
        validation: validation(found),
        created_at: integration.created.at,
        created_by: integration.created.by.actor_name.clone(),
        updated_at: integration.updated.at,
        updated_by: integration.updated.by.actor_name.clone(),
    }
}

/// The last validation, unless the integration was updated since.
fn validation(found: &IntegrationView) -> ValidationResult {
    match &found.check {
        Some(check) if check.at >= found.integration.updated.at => match &check.outcome {
            CheckOutcome::Reached => ValidationResult::Passed(check.at),
            CheckOutcome::NotTried(reason) => ValidationResult::NotTried(check.at, reason.clone()),
            CheckOutcome::Failed(reason) => ValidationResult::Failed(check.at, reason.clone()),
        },
        Some(_) | None => ValidationResult::Missing,
    }
}
