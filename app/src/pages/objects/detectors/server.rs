//! Detectors, read from the service as pages show them.

use domain::{
    identity::actor::Caller,
    objects::object::Object,
    platform::{id::Id, notification::without_secrets},
};
use leptos::serde_json::Value;
use service::{ListQuery, Rights, Service};

use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::detector::{
            DetectorDetail, DetectorList, DetectorQuery, DetectorRow, RuleView, TextLink,
        },
    },
    pages::objects::{
        self,
        detectors::rule_view::{duration, rule_view},
        recipients::Recipients,
        server::rights_on,
    },
    request::{parameters, report},
};

/// A page of the list.
pub(super) async fn list(
    service: &Service,
    caller: &Caller,
    query: DetectorQuery,
) -> Result<DetectorList, UiError> {
    let list_query = ListQuery {
        tags: Some(query.tag)
            .filter(|tag| !tag.is_empty())
            .into_iter()
            .collect(),
        team_id: parameters::chosen(&query.team),
        creator_id: parameters::chosen(&query.creator),
        ..parameters::by_name(query.search, query.sort)
    };
    let page = parameters::page(query.page);
    let objects = service.objects();
    let found = report(objects.list_detectors(caller, &list_query, page).await)?;
    let rights = report(objects.rights_on(caller, &found.results).await)?;
    let facets = report(objects.detector_facets(caller).await)?;
    let rows = found.results.iter().zip(rights);
    Ok(DetectorList {
        count: found.count,
        rows: rows
            .map(|(detector, rights)| row(detector, rights))
            .collect(),
        tags: facets.tags,
        teams: parameters::choices(facets.teams),
        creators: parameters::choices(facets.creators),
    })
}

/// A detector with its rules, teams and charts.
pub(super) async fn detail(
    service: &Service,
    caller: &Caller,
    id: Id,
) -> Result<DetectorDetail, UiError> {
    let objects = service.objects();
    let mut found = report(objects.find_detector(caller, id).await)?;
    found.document = without_secrets(found.document);
    let rights = rights_on(service, caller, &found).await?;
    let charts = report(objects.list_charts_of_detector(caller, id).await)?;
    let mut recipients = Recipients::new(service, caller);
    Ok(DetectorDetail {
        row: row(&found, rights),
        program: text(&found.document, "programText").to_owned(),
        rules: rules(&found, &mut recipients).await?,
        teams: teams(&found, &mut recipients).await?,
        charts: charts.into_iter().map(chart_link).collect(),
        settings: settings(&found),
    })
}

async fn teams(
    detector: &Object,
    recipients: &mut Recipients<'_>,
) -> Result<Vec<TextLink>, UiError> {
    let mut teams = Vec::new();
    for id in items(&detector.document, "teams").filter_map(Value::as_str) {
        teams.push(recipients.team(id).await?);
    }
    Ok(teams)
}

async fn rules(
    detector: &Object,
    recipients: &mut Recipients<'_>,
) -> Result<Vec<RuleView>, UiError> {
    let mut rules = Vec::new();
    for rule in items(&detector.document, "rules").filter_map(Value::as_object) {
        let mut notifications = Vec::new();
        for notification in items(rule, "notifications").filter_map(Value::as_object) {
            notifications.push(recipients.notification(notification).await?);
        }
        rules.push(rule_view(rule, notifications));
    }
    Ok(rules)
}

fn row(detector: &Object, rights: Rights) -> DetectorRow {
    let document = &detector.document;
    let rules: Vec<&Value> = items(document, "rules").collect();
    let is_disabled = |rule: &&&Value| rule.get("disabled").and_then(Value::as_bool) == Some(true);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let tags = items(document, "tags").filter_map(Value::as_str);
    DetectorRow {
        object: objects::server::row(detector, rights),
        tags: tags.map(str::to_owned).collect(),
        rules: count(rules.len()),
        disabled: count(rules.iter().filter(is_disabled).count()),
        created_at: detector.created.at,
        created_by: detector.created.by.actor_name.clone(),
    }
}

/// A chart, with a link to its dashboard: charts have no page of their own.
fn chart_link(chart: Object) -> TextLink {
    let dashboard = chart.parent_id.map(|id| format!("/dashboards/{id}"));
    TextLink {
        text: if chart.name.is_empty() {
            "Unnamed chart".to_owned()
        } else {
            chart.name
        },
        href: dashboard.unwrap_or_default(),
    }
}

/// Settings that are not shown elsewhere on the page.
fn settings(detector: &Object) -> Vec<(String, String)> {
    let document = &detector.document;
    let time_zone = match text(document, "timezone") {
        "" => "UTC",
        time_zone => time_zone,
    };
    let delay = |field| document.get(field).and_then(Value::as_i64).map(duration);
    let origin = Some(text(document, "detectorOrigin"));
    let origin = origin.filter(|origin| !origin.is_empty() && *origin != "Standard");
    [
        ("ID", Some(detector.id.to_string())),
        ("Time zone", Some(time_zone.to_owned())),
        ("Maximum delay", delay("maxDelay")),
        ("Minimum delay", delay("minDelay")),
        ("Origin", origin.map(str::to_owned)),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label.to_owned(), value?)))
    .collect()
}
