//! The rules of a detector, with buttons that disable and enable them.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::objects::detector::{DetectorRow, RuleView, TextLink},
    pages::objects::text_link::Linked,
    ui::{form::token::FormToken, list::listing::counted, page::empty::Empty},
};

/// The panel with all rules.
#[component]
pub(super) fn Rules(row: DetectorRow, rules: Vec<RuleView>) -> impl IntoView {
    let count = rule_count(row.rules, row.disabled);
    let items = rules
        .into_iter()
        .enumerate()
        .map(|(index, rule)| {
            let id = row.object.id.clone();
            view! { <Rule id index rule may_change=row.object.rights.edit /> }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="rules-heading">
            <h2 id="rules-heading">"Rules " <span class="quiet">{count}</span></h2>
            {if row.rules == 0 {
                view! { <Empty title="No rules yet">"Without rules no one is notified of what the program finds."</Empty> }.into_any()
            } else {
                view! { <ul class="rules">{items}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Rule(id: String, index: usize, rule: RuleView, may_change: bool) -> impl IntoView {
    let heading = format!("rule-{index}");
    let described_by = heading.clone();
    let severity = format!("severity severity-{}", rule.severity.to_lowercase());
    let (label, disabled) = (rule.label.clone(), rule.disabled);
    view! {
        <li class="rule">
            <div class="rule-head">
                <h3 id=heading>{rule.label}</h3>
                <span class=severity>{rule.severity}</span>
                {rule.disabled.then(|| view! { <span class="state">"Disabled"</span> })}
                {may_change.then(|| view! { <DetectorEnableButton id label disabled described_by /> })}
            </div>
            {(!rule.description.is_empty()).then(|| view! { <p>{rule.description}</p> })}
            <RuleSettings notifications=rule.notifications settings=rule.settings />
        </li>
    }
}

/// The button that enables or disables a rule.
#[component]
fn DetectorEnableButton(
    id: String,
    label: String,
    disabled: bool,
    described_by: String,
) -> impl IntoView {
    let (button, value) = if disabled {
        ("Enable", "false")
    } else {
        ("Disable", "true")
    };
    view! {
        <form method="post" action=SetRule::url()>
            <FormToken action=SetRule::url() />
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="label" value=label />
            <input type="hidden" name="disabled" value=value />
            <button type="submit" class="button" aria-describedby=described_by>{button}</button>
        </form>
    }
}

#[component]
fn RuleSettings(notifications: Vec<TextLink>, settings: Vec<(String, TextLink)>) -> impl IntoView {
    let recipients = notifications
        .into_iter()
        .map(|link| view! { <li><Linked link /></li> })
        .collect_view();
    let recipients = if recipients.is_empty() {
        "No one".into_any()
    } else {
        view! { <ul class="plain-list">{recipients}</ul> }.into_any()
    };
    let settings = settings
        .into_iter()
        .map(|(label, link)| view! { <div><dt>{label}</dt><dd class="multiline"><Linked link /></dd></div> })
        .collect_view();
    view! {
        <dl class="definitions">
            <div><dt>"Notifies"</dt><dd>{recipients}</dd></div>
            {settings}
        </dl>
    }
}

/// The number of rules: "3 rules, 1 disabled".
pub(super) fn rule_count(rules: i64, disabled: i64) -> String {
    let count = counted(rules, "rule", "rules");
    if disabled == 0 {
        count
    } else {
        format!("{count}, {disabled} disabled")
    }
}

/// Disables or enables all rules with a label.
///
/// # Errors
/// [`UiError::NotFound`]; [`UiError::Denied`] without write permission; [`UiError::Rejected`] when no rule has the
/// label.
#[server(prefix = "/ui", endpoint = "detector/rule")]
pub async fn set_rule(
    /// The detector.
    id: String,
    /// The label of the rules.
    label: String,
    /// Whether to disable them.
    disabled: bool,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let state = if disabled { "disabled" } else { "enabled" };
    let done = format!("The rule {label} is {state}.");
    let (detector, labels) = (parameters::id(&id)?, [label]);
    let objects = service.objects();
    let set = objects.set_rules_disabled(&caller, detector, &labels, disabled);
    request::Form::on("rule", format!("/detectors/{id}"))
        .saying(done)
        .ends(request::report(set.await))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disabled_rules_are_counted_separately() {
        assert_eq!(rule_count(1, 0), "1 rule");
        assert_eq!(rule_count(3, 2), "3 rules, 2 disabled");
    }
}
