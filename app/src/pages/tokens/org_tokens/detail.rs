//! `/access-tokens/{id}`: one access token, its secret for users who may see it, and its recent use.

use domain::{
    audit::event::{AuditEvent, ObjectType},
    tokens::token::LastUse,
};
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        audit::query::AuditQuery,
        objects::permissions::Allowed,
        platform::paths::{ACCESS_TOKENS, DIMENSIONS, METRICS},
        tokens::{
            access_token::{AccessTokenDetail, AccessTokenRow, SecretRow},
            user_token::masked,
        },
    },
    pages::{
        audit::info::InfoDialog,
        objects::permissions::allowed::AllowedList,
        platform::frame::Frame,
        tokens::org_tokens::{
            actions::AskedAction,
            list::{AccessTokenActions, StateOf},
            secret::AccessTokenSecret,
        },
    },
    ui::{
        audit::events::Events,
        dialog::request::Asked,
        page::{
            empty::Empty,
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
        time::{Ago, DateTime, Day, Origin},
    },
};

/// One access token.
#[component]
pub fn AccessTokenPage() -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Access token" section=Section::AccessTokens>
            {loaded(find_access_token(id), move |token| view! { <AccessTokenPanels token asked /> })}
        </Frame>
    }
}

#[component]
fn AccessTokenPanels(token: AccessTokenDetail, asked: Option<Asked>) -> impl IntoView {
    let row = token.row.clone();
    let here = format!("{ACCESS_TOKENS}/{}", row.id);
    let description = row.description.clone();
    view! {
        <PageHead title=row.name.clone() breadcrumbs=vec![step(ACCESS_TOKENS, "Access tokens")] clone:row clone:here>
            <StateOf state=row.state expires_soon=row.expires_soon />
            <AccessTokenActions row here />
        </PageHead>
        {(!description.is_empty()).then(|| view! { <p class="prose">{description}</p> })}
        <div class="columns">
            <div class="stack">
                <Secrets id=row.id.clone() secrets=token.secrets may_reveal=token.may_reveal />
                <AccessTokenDetails row=row.clone() limits=token.limits readers=token.readers />
                {row.sends_data().then(|| view! { <MetricSearch /> })}
            </div>
            <History id=row.id.clone() history=token.history />
        </div>
        <InfoDialog asked=asked.clone() kind=ObjectType::OrgToken here=here.clone() />
        {asked.map(|asked| view! { <AskedAction asked row here /> })}
    }
}

#[component]
fn Secrets(id: String, secrets: Vec<SecretRow>, may_reveal: bool) -> impl IntoView {
    let newest = secrets.first().cloned();
    let mask = newest
        .as_ref()
        .map(|newest| format!("cso_{}{}", "•".repeat(12), newest.last4))
        .unwrap_or_default();
    let older = secrets.len() > 1;
    let only = newest.filter(|_| !older);
    let rows = secrets
        .into_iter()
        .enumerate()
        .map(|(place, secret)| {
            let which = if place == 0 { "Current" } else { "Previous" };
            view! {
                <tr>
                    <th scope="row" data-label="Secret"><code>{masked("cso_", &secret.last4)}</code></th>
                    <td data-label="Version">{which}</td>
                    <td data-label="Created"><DateTime at=secret.created_at /></td>
                    <td data-label="Expires"><DateTime at=secret.expires_at /></td>
                    <td data-label="Last used"><SecretLastUse used=secret.last_used /></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="secret-heading">
            <h2 id="secret-heading">"Secret"</h2>
            {if may_reveal {
                view! { <AccessTokenSecret id mask /> }.into_any()
            } else {
                view! { <p><code class="new-secret-mask">{mask}</code></p><p class="hint">"Secrets are shown to power users and administrators."</p> }
                    .into_any()
            }}
            {only.map(|only| view! { <p class="hint space-above">"Last used: " <SecretLastUse used=only.last_used /></p> })}
            {older.then(|| view! {
                <h3>"Versions"</h3>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Secret"</th>
                            <th scope="col">"Version"</th>
                            <th scope="col">"Created"</th>
                            <th scope="col">"Expires"</th>
                            <th scope="col">"Last used"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            })}
        </section>
    }
}

#[component]
fn SecretLastUse(used: Option<LastUse>) -> impl IntoView {
    match used {
        Some(used) if used.address.is_empty() => view! { <DateTime at=used.at /> }.into_any(),
        Some(used) => {
            view! { <DateTime at=used.at /> " " <Origin address=used.address client=used.client /> }
                .into_any()
        }
        None => view! { <span class="quiet">"Never"</span> }.into_any(),
    }
}

#[component]
fn AccessTokenDetails(
    row: AccessTokenRow,
    limits: Vec<(String, i64)>,
    readers: Allowed,
) -> impl IntoView {
    let limits = limits
        .into_iter()
        .map(|(words, most)| {
            view! { <div><dt>{words}</dt><dd>{crate::ui::list::listing::grouped(most)}</dd></div> }
        })
        .collect_view();
    let purposes = row.purposes();
    view! {
        <section class="panel" aria-labelledby="details-heading">
            <h2 id="details-heading">"Details"</h2>
            <dl class="definitions">
                <div><dt>"For"</dt><dd>{purposes}</dd></div>
                <div><dt>"Expires"</dt><dd><Day at=row.expires_at /> " " <Ago at=row.expires_at /></dd></div>
                <div><dt>"Visible to"</dt><dd><AllowedList allowed=readers all_members="All members of the organization" no_one="Administrators only" /></dd></div>
                <div><dt>"Created"</dt><dd><DateTime at=row.created_at /> " by " {row.created_by}</dd></div>
                <div><dt>"Last updated"</dt><dd><DateTime at=row.updated_at /> " by " {row.updated_by}</dd></div>
                <div><dt>"Token ID"</dt><dd><code>{row.id}</code></dd></div>
                {limits}
            </dl>
        </section>
    }
}

/// Searches for metrics and dimensions, which belong to the organization and not to one access token.
#[component]
fn MetricSearch() -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="metrics-heading">
            <h2 id="metrics-heading">"Metrics and dimensions"</h2>
            <form class="search" method="get" action=METRICS>
                <label class="visually-hidden" for="metric-search">"Search metrics"</label>
                <input id="metric-search" type="search" name="q" placeholder="Search metrics" autocomplete="off" maxlength="100" />
                <button type="submit" class="button">"Search"</button>
            </form>
            <form class="search" method="get" action=DIMENSIONS>
                <label class="visually-hidden" for="dimension-search">"Search dimensions"</label>
                <input id="dimension-search" type="search" name="q" placeholder="Search dimensions" autocomplete="off" maxlength="100" />
                <button type="submit" class="button">"Search"</button>
            </form>
            <p class="hint">"Lists what all access tokens of the organization sent."</p>
        </section>
    }
}

#[component]
fn History(id: String, history: Option<Vec<AuditEvent>>) -> impl IntoView {
    let is_visible = history.is_some();
    let calls = AuditQuery::default()
        .with("what", "calls")
        .with("token", id.clone());
    let done_to_it = AuditQuery::default().with("object", id);
    let changes = match history {
        None => view! { <p class="hint">"Administrators see every change that was made with this token."</p> }.into_any(),
        Some(events) if events.is_empty() => {
            view! { <Empty title="Nothing yet">"Every change made with this token is listed here."</Empty> }.into_any()
        }
        Some(events) => view! { <Events events with_object=true /> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="history-heading">
            <h2 id="history-heading">"Changes made with this token"</h2>
            {changes}
            {is_visible.then(|| view! {
                <p class="space-above">
                    <a href=calls.address("/audit")>"All calls it made"</a> " and "
                    <a href=done_to_it.address("/audit")>"all changes to it"</a> ", in the audit log"
                </p>
            })}
        </section>
    }
}

/// One access token, with the parts that the signed-in user may read.
///
/// # Errors
/// [`UiError::NotFound`], also for a token that the user may not read.
#[server(prefix = "/ui", endpoint = "access-token/find")]
pub async fn find_access_token(
    /// The token.
    id: String,
) -> Result<AccessTokenDetail, UiError> {
    use crate::{
        pages::tokens::org_tokens::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let found = service
        .tokens()
        .org()
        .find_detail(&caller, parameters::id(&id)?);
    server::detail(&service, &caller, request::report(found.await)?).await
}
