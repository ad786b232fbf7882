//! Detectors, gathered from the service as pages show them.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    objects::object::Object,
    platform::{document::Document, id::Id},
};
use leptos::serde_json::Value;
use service::{ListQuery, Rights, Service};

use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::detector::{
            DetectorDetail, DetectorList, DetectorQuery, DetectorRow, Link, RuleView,
        },
    },
    request::{parameters, report},
};

/// A page of the detectors, and what the list can be narrowed by.
pub(crate) async fn list(
    service: &Service,
    caller: &Caller,
    query: DetectorQuery,
) -> Result<DetectorList, UiError> {
    let asked = ListQuery {
        tags: Some(query.tag)
            .filter(|tag| !tag.is_empty())
            .into_iter()
            .collect(),
        team_id: parameters::chosen(&query.team),
        creator_id: parameters::chosen(&query.creator),
        ..parameters::by_name(query.search, query.sort)
    };
    let page = parameters::page(query.page);
    let found = report(service.objects().list_detectors(caller, &asked, page).await)?;
    let rights = report(service.objects().rights_on(caller, &found.results).await)?;
    let facets = report(service.objects().detector_facets(caller).await)?;
    Ok(DetectorList {
        count: found.count,
        rows: found
            .results
            .iter()
            .zip(rights)
            .map(|(detector, rights)| row(detector, rights))
            .collect(),
        tags: facets.tags,
        teams: parameters::choices(facets.teams),
        creators: parameters::choices(facets.creators),
    })
}

/// A detector with its rules, teams and charts.
pub(crate) async fn detail(
    service: &Service,
    caller: &Caller,
    id: Id,
) -> Result<DetectorDetail, UiError> {
    let found = report(service.objects().find_detector(caller, id).await)?;
    let rights = report(
        service
            .objects()
            .rights_on(caller, std::slice::from_ref(&found))
            .await,
    )?;
    let document = &found.document;
    let mut names = Names::default();
    let mut teams = Vec::new();
    for team in items(document, "teams").filter_map(Value::as_str) {
        teams.push(names.team(service, caller, team).await);
    }
    let mut rules = Vec::new();
    for rule in items(document, "rules").filter_map(Value::as_object) {
        let mut notifications = Vec::new();
        for notification in items(rule, "notifications").filter_map(Value::as_object) {
            notifications.push(names.notification(service, caller, notification).await);
        }
        rules.push(rule_view(rule, notifications));
    }
    let charts = report(service.objects().list_charts_of_detector(caller, id).await)?;
    Ok(DetectorDetail {
        row: row(&found, rights.first().copied().unwrap_or_default()),
        program: text(document, "programText").to_owned(),
        rules,
        teams,
        charts: charts.into_iter().map(chart_link).collect(),
        facts: facts(&found),
    })
}

fn row(detector: &Object, rights: Rights) -> DetectorRow {
    let document = &detector.document;
    let rules: Vec<&Value> = items(document, "rules").collect();
    let is_off = |rule: &&&Value| rule.get("disabled").and_then(Value::as_bool) == Some(true);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    DetectorRow {
        id: detector.id.to_string(),
        name: detector.name.clone(),
        description: text(document, "description").to_owned(),
        tags: items(document, "tags")
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        rules: count(rules.len()),
        disabled: count(rules.iter().filter(is_off).count()),
        may: rights.into(),
        created_at: detector.created.at,
        created_by: detector.created.by.actor_name.clone(),
        updated_at: detector.updated.at,
        updated_by: detector.updated.by.actor_name.clone(),
    }
}

fn chart_link(chart: Object) -> Link {
    let dashboard = chart.parent_id.map(|id| format!("/dashboards/{id}"));
    Link {
        words: if chart.name.is_empty() {
            "Chart without a name".to_owned()
        } else {
            chart.name
        },
        href: dashboard.unwrap_or_default(),
    }
}

fn rule_view(rule: &Document, notifications: Vec<Link>) -> RuleView {
    let mut says = Vec::new();
    for (field, name) in [
        ("parameterizedSubject", "Subject"),
        ("parameterizedBody", "Message"),
        ("runbookUrl", "Runbook"),
        ("tip", "Tip"),
    ] {
        let words = text(rule, field).to_owned();
        if !words.is_empty() {
            let is_address = field == "runbookUrl" && is_web_address(&words);
            let href = if is_address {
                words.clone()
            } else {
                String::new()
            };
            says.push((name.to_owned(), Link { words, href }));
        }
    }
    let reminder = rule.get("reminderNotification").and_then(Value::as_object);
    if let Some(interval) = reminder.and_then(|reminder| reminder.get("interval")?.as_i64()) {
        let words = format!("Every {}", duration(interval));
        let href = String::new();
        says.push(("Reminds".to_owned(), Link { words, href }));
    }
    RuleView {
        label: text(rule, "detectLabel").to_owned(),
        severity: text(rule, "severity").to_owned(),
        description: text(rule, "description").to_owned(),
        disabled: rule.get("disabled").and_then(Value::as_bool) == Some(true),
        notifications,
        says,
    }
}

/// Whether a text people gave may become a link: nothing but a page.
fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// "5 minutes", "2 hours", "90 seconds".
fn duration(milliseconds: i64) -> String {
    let counted = crate::ui::list::counted;
    match milliseconds {
        0 => "0 seconds".to_owned(),
        ms if ms % 86_400_000 == 0 => counted(ms / 86_400_000, "day", "days"),
        ms if ms % 3_600_000 == 0 => counted(ms / 3_600_000, "hour", "hours"),
        ms if ms % 60_000 == 0 => counted(ms / 60_000, "minute", "minutes"),
        ms if ms % 1_000 == 0 => counted(ms / 1_000, "second", "seconds"),
        ms => counted(ms, "millisecond", "milliseconds"),
    }
}

fn facts(detector: &Object) -> Vec<(String, String)> {
    let document = &detector.document;
    let mut facts = vec![("Id".to_owned(), detector.id.to_string())];
    let mut add = |name: &str, fact: String| facts.push((name.to_owned(), fact));
    add(
        "Time zone",
        Some(text(document, "timezone"))
            .filter(|zone| !zone.is_empty())
            .unwrap_or("UTC")
            .to_owned(),
    );
    for (field, name) in [
        ("maxDelay", "Longest delay"),
        ("minDelay", "Shortest delay"),
    ] {
        if let Some(delay) = document.get(field).and_then(Value::as_i64) {
            add(name, duration(delay));
        }
    }
    let origin = text(document, "detectorOrigin");
    if !origin.is_empty() && origin != "Standard" {
        add("Origin", origin.to_owned());
    }
    facts
}

/// Teams and integrations by name, each asked for once.
#[derive(Default)]
struct Names {
    integrations: HashMap<String, Option<String>>,
    teams: HashMap<String, Option<String>>,
}

impl Names {
    async fn team(&mut self, service: &Service, caller: &Caller, id: &str) -> Link {
        if !self.teams.contains_key(id) {
            let found = match Id::parse(id) {
                Ok(id) => service.identity().teams().find(caller, id).await.ok(),
                Err(_) => None,
            };
            let name = found.map(|found| found.team.name);
            self.teams.insert(id.to_owned(), name);
        }
        match self.teams.get(id).cloned().flatten() {
            Some(words) => Link {
                words,
                href: format!("/teams/{id}"),
            },
            None => unlinked(format!("A team that is gone ({id})")),
        }
    }

    async fn integration(&mut self, service: &Service, caller: &Caller, id: &str) -> String {
        if !self.integrations.contains_key(id) {
            let found = match Id::parse(id) {
                Ok(id) => service.integrations().find(caller, id).await.ok(),
                Err(_) => None,
            };
            let name = found.map(|found| found.integration.name);
            self.integrations.insert(id.to_owned(), name);
        }
        let name = self.integrations.get(id).cloned().flatten();
        name.unwrap_or_else(|| format!("an integration that is gone ({id})"))
    }

    /// Whom a notification tells, in words; never its secret.
    async fn notification(
        &mut self,
        service: &Service,
        caller: &Caller,
        notification: &Document,
    ) -> Link {
        let of = |field| text(notification, field);
        let kind = of("type");
        match kind {
            "Email" => unlinked(email_in_words(notification)),
            "EmailTemplate" => unlinked(format!("Email by the template {}", of("templateId"))),
            "Team" | "TeamEmail" => {
                let how = if kind == "Team" {
                    "Team"
                } else {
                    "Everybody in the team"
                };
                let link = self.team(service, caller, of("team")).await;
                Link {
                    words: format!("{how} {}", link.words),
                    ..link
                }
            }
            _ => {
                let credential = of("credentialId");
                if credential.is_empty() {
                    return unlinked(format!("{kind} {}", of("url")));
                }
                let through = self.integration(service, caller, credential).await;
                let to = [("channel", "#"), ("responderName", ""), ("routingKey", "")]
                    .iter()
                    .map(|(field, sign)| (of(field), sign))
                    .find(|(value, _)| !value.is_empty())
                    .map(|(value, sign)| format!(" {sign}{value}"));
                let is_administrator = caller.is_administrator();
                Link {
                    words: format!("{kind}{} through {through}", to.unwrap_or_default()),
                    href: if is_administrator && !through.starts_with("an integration that is gone")
                    {
                        format!("/integrations/{credential}")
                    } else {
                        String::new()
                    },
                }
            }
        }
    }
}

fn email_in_words(notification: &Document) -> String {
    let mut words = format!("Email to {}", text(notification, "email"));
    for (field, name) in [("cc", "copy"), ("bcc", "blind copy")] {
        let others: Vec<_> = items(notification, field)
            .filter_map(Value::as_str)
            .collect();
        if !others.is_empty() {
            words.push_str(&format!(", {name} to {}", others.join(", ")));
        }
    }
    words
}

fn unlinked(words: String) -> Link {
    Link {
        words,
        href: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    #[test]
    fn only_pages_of_the_web_become_links() {
        let rule = json!({"detectLabel": "a", "severity": "Critical", "runbookUrl": "javascript:alert(1)"});
        let shown = rule_view(rule.as_object().unwrap(), Vec::new());
        assert_eq!(shown.says[0].1.href, "");
        let rule = json!({"runbookUrl": "https://example.com/x", "reminderNotification": {"interval": 300_000}});
        let shown = rule_view(rule.as_object().unwrap(), Vec::new());
        assert_eq!(shown.says[0].1.href, "https://example.com/x");
        assert_eq!(shown.says[1].1.words, "Every 5 minutes");
    }

    #[test]
    fn a_mail_says_who_else_gets_it() {
        let mail = json!({"type": "Email", "email": "a@example.com", "cc": ["b@example.com"]});
        assert_eq!(
            email_in_words(mail.as_object().unwrap()),
            "Email to a@example.com, copy to b@example.com"
        );
        assert_eq!(duration(90_000), "90 seconds");
    }
}
