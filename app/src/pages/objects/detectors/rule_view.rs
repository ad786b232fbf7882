//! Rules as their page shows them.

use domain::platform::document::Document;
use leptos::serde_json::Value;

use crate::{
    model::{
        document::text,
        objects::detector::{RuleView, TextLink},
    },
    ui::list::listing::counted,
};

/// The settings of a rule that are texts: field and label.
const TEXTS: [(&str, &str); 4] = [
    ("parameterizedSubject", "Subject"),
    ("parameterizedBody", "Message"),
    ("runbookUrl", "Runbook"),
    ("tip", "Tip"),
];

/// A rule with the recipients of its notifications.
pub(super) fn rule_view(rule: &Document, notifications: Vec<TextLink>) -> RuleView {
    RuleView {
        label: text(rule, "detectLabel").to_owned(),
        severity: text(rule, "severity").to_owned(),
        description: text(rule, "description").to_owned(),
        disabled: rule.get("disabled").and_then(Value::as_bool) == Some(true),
        notifications,
        settings: texts(rule).chain(reminder(rule)).collect(),
    }
}

fn texts(rule: &Document) -> impl Iterator<Item = (String, TextLink)> {
    TEXTS
        .iter()
        .map(|(field, label)| (*field, *label, text(rule, field)))
        .filter(|(_, _, text)| !text.is_empty())
        .map(|(field, label, text)| {
            let is_link = field == "runbookUrl" && is_web_address(text);
            let href = if is_link { text } else { "" };
            let link = TextLink {
                text: text.to_owned(),
                href: href.to_owned(),
            };
            (label.to_owned(), link)
        })
}

/// Whether a text may become a link. Other schemes, such as `javascript:`, would run in the page.
fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn reminder(rule: &Document) -> Option<(String, TextLink)> {
    let reminder = rule.get("reminderNotification")?.as_object()?;
    let interval = reminder.get("interval")?.as_i64()?;
    let text = format!("Every {}", duration(interval));
    Some(("Reminder".to_owned(), TextLink::from(text)))
}

/// A duration: "5 minutes", "2 hours", "90 seconds".
pub(super) fn duration(milliseconds: i64) -> String {
    match milliseconds {
        0 => "0 seconds".to_owned(),
        ms if ms % 86_400_000 == 0 => counted(ms / 86_400_000, "day", "days"),
        ms if ms % 3_600_000 == 0 => counted(ms / 3_600_000, "hour", "hours"),
        ms if ms % 60_000 == 0 => counted(ms / 60_000, "minute", "minutes"),
        ms if ms % 1_000 == 0 => counted(ms / 1_000, "second", "seconds"),
        ms => counted(ms, "millisecond", "milliseconds"),
    }
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        let rule = json!({"detectLabel": "a", "severity": "Critical", "runbookUrl": "javascript:alert(1)"});
        let shown = rule_view(rule.as_object().unwrap(), Vec::new());
        assert_eq!(shown.settings[0].1.href, "");
        let rule = json!({"runbookUrl": "https://example.com/x", "reminderNotification": {"interval": 300_000}});
        let shown = rule_view(rule.as_object().unwrap(), Vec::new());
        assert_eq!(shown.settings[0].1.href, "https://example.com/x");
        assert_eq!(shown.settings[1].1.text, "Every 5 minutes");
    }

    #[test]
    fn a_duration_has_the_largest_whole_unit() {
        assert_eq!(duration(90_000), "90 seconds");
        assert_eq!(duration(7_200_000), "2 hours");
    }
}
