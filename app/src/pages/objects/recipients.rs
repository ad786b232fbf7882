//! Teams and recipients of notifications by name. Secrets of notifications are never shown.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    platform::{document::Document, id::Id},
};
use leptos::serde_json::Value;
use service::Service;

use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::detector::TextLink,
    },
    request::if_visible,
};

/// Reads teams and integrations by id, each once.
pub(super) struct Recipients<'a> {
    service: &'a Service,
    caller: &'a Caller,
    teams: HashMap<String, Option<String>>,
    integrations: HashMap<String, Option<String>>,
}

impl<'a> Recipients<'a> {
    /// Nothing is read yet.
    pub(super) fn new(service: &'a Service, caller: &'a Caller) -> Self {
        Self {
            service,
            caller,
            teams: HashMap::new(),
            integrations: HashMap::new(),
        }
    }

    /// A team, with a link to its page.
    pub(super) async fn team(&mut self, id: &str) -> Result<TextLink, UiError> {
        Ok(match self.team_name(id).await? {
            Some(text) => TextLink {
                text,
                href: format!("/teams/{id}"),
            },
            None => TextLink::from(format!("Deleted team ({id})")),
        })
    }

    /// The recipient of a notification.
    pub(super) async fn notification(
        &mut self,
        notification: &Document,
    ) -> Result<TextLink, UiError> {
        let of = |field| text(notification, field);
        match of("type") {
            "Email" => Ok(TextLink::from(email_text(notification))),
            "EmailTemplate" => {
                let text = format!("Email with the template {}", of("templateId"));
                Ok(TextLink::from(text))
            }
            "Team" => self.team_recipient("Team", of("team")).await,
            "TeamEmail" => {
                self.team_recipient("All members of the team", of("team"))
                    .await
            }
            kind if of("credentialId").is_empty() => {
                Ok(TextLink::from(format!("{kind} {}", of("url"))))
            }
            _ => self.through_integration(notification).await,
        }
    }

    async fn team_recipient(&mut self, prefix: &str, id: &str) -> Result<TextLink, UiError> {
        let link = self.team(id).await?;
        Ok(TextLink {
            text: format!("{prefix} {}", link.text),
            ..link
        })
    }

    /// A recipient in another system. Only administrators can open the integration.
    async fn through_integration(&mut self, notification: &Document) -> Result<TextLink, UiError> {
        let of = |field| text(notification, field);
        let (kind, id) = (of("type"), of("credentialId"));
        let to = [("channel", "#"), ("responderName", ""), ("routingKey", "")]
            .iter()
            .map(|(field, sign)| (of(field), sign))
            .find(|(value, _)| !value.is_empty())
            .map(|(value, sign)| format!(" {sign}{value}"))
            .unwrap_or_default();
        let name = self.integration_name(id).await?;
        let has_page = name.is_some() && self.caller.is_administrator();
        let name = name.unwrap_or_else(|| format!("integration {id}"));
        Ok(TextLink {
            text: format!("{kind}{to} through {name}"),
            href: if has_page {
                format!("/integrations/{id}")
            } else {
                String::new()
            },
        })
    }

    async fn team_name(&mut self, id: &str) -> Result<Option<String>, UiError> {
        if let Some(name) = self.teams.get(id) {
            return Ok(name.clone());
        }
        let name = match Id::parse(id) {
            Ok(id) => {
                let found = self.service.identity().teams().find(self.caller, id).await;
                if_visible(found)?.map(|found| found.team.name)
            }
            Err(_) => None,
        };
        self.teams.insert(id.to_owned(), name.clone());
        Ok(name)
    }

    async fn integration_name(&mut self, id: &str) -> Result<Option<String>, UiError> {
        if let Some(name) = self.integrations.get(id) {
            return Ok(name.clone());
        }
        let name = match Id::parse(id) {
            Ok(id) => {
                let found = self.service.integrations().find(self.caller, id).await;
                if_visible(found)?.map(|found| found.integration.name)
            }
            Err(_) => None,
        };
        self.integrations.insert(id.to_owned(), name.clone());
        Ok(name)
    }
}

fn email_text(notification: &Document) -> String {
    let mut words = format!("Email to {}", text(notification, "email"));
    for (field, label) in [("cc", "copy"), ("bcc", "blind copy")] {
        let others: Vec<_> = items(notification, field)
            .filter_map(Value::as_str)
            .collect();
        if !others.is_empty() {
            words.push_str(&format!(", {label} to {}", others.join(", ")));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    #[test]
    fn an_email_has_its_copies() {
        let email = json!({"type": "Email", "email": "a@example.com", "cc": ["b@example.com"]});
        assert_eq!(
            email_text(email.as_object().unwrap()),
            "Email to a@example.com, copy to b@example.com"
        );
    }
}
