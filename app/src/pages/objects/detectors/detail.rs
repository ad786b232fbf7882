//! `/detectors/{id}`: what a detector watches, when it tells whom, and what belongs to it.

use domain::objects::permissions::ItemKind;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::objects::detector::{DetectorDetail, DetectorRow, Link, RuleView},
    pages::{
        objects::{
            actions::{ObjectActions, WhyNot},
            detectors::list::{PATH, Tags, doomed, rules_in_words},
            dialogs::ObjectDialogs,
        },
        platform::frame::Frame,
    },
    ui::{
        dialog_request::Asked,
        empty::Empty,
        failure::Failure,
        head::{PageHead, step},
        moment::Moment,
        navigation::Section,
    },
};

/// One detector.
#[component]
pub fn DetectorPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Detector" section=Section::Detectors>
            {Suspend::new(async move {
                match find_detector(id).await {
                    Ok(detector) => view! { <Detector detector asked /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Detector(detector: DetectorDetail, asked: Option<Asked>) -> impl IntoView {
    let DetectorDetail {
        row,
        program,
        rules,
        teams,
        charts,
        facts,
    } = detector;
    let here = format!("{PATH}/{}", row.id);
    let doomed = doomed(asked.as_ref(), std::slice::from_ref(&row));
    view! {
        <PageHead title=row.name.clone() trail=vec![step(PATH, "Detectors")] clone:here clone:row>
            <ObjectActions kind=ItemKind::Detector id=row.id name=row.name may=row.may here />
        </PageHead>
        {(!row.description.is_empty()).then(|| view! { <p class="prose">{row.description.clone()}</p> })}
        <p class="prose">
            "Made " <Moment at=row.created_at /> " by " {row.created_by.clone()} " · Last updated " <Moment at=row.updated_at />
            " by " {row.updated_by.clone()}
        </p>
        <WhyNot kind=ItemKind::Detector may=row.may here=here.clone() />
        <div class="columns">
            <div class="stack">
                <Rules row=row.clone() rules />
                <Program program />
            </div>
            <div class="stack">
                <Linked id="teams" title="Teams" links=teams empty="No team looks after it." />
                <Linked id="charts" title="Charts" links=charts empty="No chart that you may read names it." />
                <Facts facts tags=row.tags />
            </div>
        </div>
        <ObjectDialogs asked kind=ItemKind::Detector doomed here />
    }
}

#[component]
fn Rules(row: DetectorRow, rules: Vec<RuleView>) -> impl IntoView {
    let count = rules_in_words(row.rules, row.disabled);
    let items = rules
        .into_iter()
        .enumerate()
        .map(
            |(place, rule)| view! { <Rule id=row.id.clone() place rule may_change=row.may.edit /> },
        )
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="rules-heading">
            <h2 id="rules-heading">"Rules " <span class="quiet">{count}</span></h2>
            {if row.rules == 0 {
                view! { <Empty title="No rules yet">"Without a rule nobody is told of what the program finds."</Empty> }.into_any()
            } else {
                view! { <ul class="rules">{items}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Rule(id: String, place: usize, rule: RuleView, may_change: bool) -> impl IntoView {
    let heading = format!("rule-{place}");
    let described_by = heading.clone();
    let told = rule
        .notifications
        .into_iter()
        .map(|link| view! { <li><Linking link /></li> })
        .collect_view();
    let says = rule
        .says
        .into_iter()
        .map(|(name, link)| view! { <div><dt>{name}</dt><dd class="multiline"><Linking link /></dd></div> })
        .collect_view();
    let severity = format!("severity severity-{}", rule.severity.to_lowercase());
    let (button, change) = if rule.disabled {
        ("Enable", "false")
    } else {
        ("Disable", "true")
    };
    view! {
        <li class="rule">
            <div class="rule-head">
                <h3 id=heading>{rule.label.clone()}</h3>
                <span class=severity>{rule.severity}</span>
                {rule.disabled.then(|| view! { <span class="state">"Disabled"</span> })}
                {may_change.then(|| view! {
                    <form method="post" action=SetRule::url()>
                        <input type="hidden" name="id" value=id />
                        <input type="hidden" name="label" value=rule.label />
                        <input type="hidden" name="disabled" value=change />
                        <button type="submit" class="button" aria-describedby=described_by>{button}</button>
                    </form>
                })}
            </div>
            {(!rule.description.is_empty()).then(|| view! { <p>{rule.description}</p> })}
            <dl class="definitions">
                <div>
                    <dt>"Tells"</dt>
                    <dd>{if told.is_empty() { "Nobody".into_any() } else { view! { <ul class="plain-list">{told}</ul> }.into_any() }}</dd>
                </div>
                {says}
            </dl>
        </li>
    }
}

#[component]
fn Linking(link: Link) -> impl IntoView {
    if link.href.is_empty() {
        link.words.into_any()
    } else {
        view! { <a href=link.href rel="noreferrer">{link.words}</a> }.into_any()
    }
}

#[component]
fn Program(program: String) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="program-heading">
            <h2 id="program-heading">"Program"</h2>
            <pre class="program" tabindex="0" role="region" aria-label="Program text"><code>{program}</code></pre>
        </section>
    }
}

#[component]
fn Linked(
    id: &'static str,
    title: &'static str,
    links: Vec<Link>,
    empty: &'static str,
) -> impl IntoView {
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    let items = links
        .into_iter()
        .map(|link| view! { <li><Linking link /></li> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            {if items.is_empty() {
                view! { <p class="quiet">{empty}</p> }.into_any()
            } else {
                view! { <ul class="places">{items}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Facts(facts: Vec<(String, String)>, tags: Vec<String>) -> impl IntoView {
    let facts = facts
        .into_iter()
        .map(|(name, fact)| view! { <div><dt>{name}</dt><dd>{fact}</dd></div> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="facts-heading">
            <h2 id="facts-heading">"Facts"</h2>
            <dl class="definitions">
                {facts}
                {(!tags.is_empty()).then(|| view! { <div><dt>"Tags"</dt><dd><Tags tags /></dd></div> })}
            </dl>
        </section>
    }
}

/// One detector with its rules.
///
/// # Errors
/// [`UiError::NotFound`] when there is none.
#[server(prefix = "/ui", endpoint = "detector/find")]
pub async fn find_detector(
    /// The detector.
    id: String,
) -> Result<DetectorDetail, UiError> {
    use crate::{
        pages::objects::detectors::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    server::detail(&service, &caller, parameters::id(&id)?).await
}

/// Disables the rules of a label, or enables them.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] without write permission, [`UiError::Rejected`] when no rule has the label.
#[server(prefix = "/ui", endpoint = "detector/rule")]
pub async fn set_rule(
    /// The detector.
    id: String,
    /// The label of the rules.
    label: String,
    /// Whether they shall be off.
    disabled: bool,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let words = if disabled { "disabled" } else { "enabled" };
    let words = format!("The rule {label} is {words}.");
    let done = service
        .objects()
        .set_rules_disabled(&caller, parameters::id(&id)?, &[label], disabled)
        .await;
    request::Form::on("rule", format!("{PATH}/{id}"))
        .saying(words)
        .ends(request::report(done))
}
