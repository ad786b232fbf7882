//! `/integrations/{id}`: what an integration says, whether it works, and what can be done with it. Its secrets are not
//! shown to anybody.

use domain::audit::event::ObjectType;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::integrations::integration::{IntegrationDetail, IntegrationRow, Validated},
    pages::{
        audit::info::InfoDialog,
        integrations::{
            list::{AskDelete, EnabledState, IntegrationActions, PATH, WORDS, doomed},
            types::type_in_words,
        },
    },
    ui::{
        empty::{Failure, ForAdministrators},
        frame::{Frame, Section},
        head::{PageHead, step},
        moment::Moment,
        object::Asked,
    },
};

/// One integration.
#[component]
pub fn IntegrationPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Integration" section=Section::Integrations>
            <ForAdministrators words=WORDS>
                {Suspend::new(async move {
                    match find_integration(id).await {
                        Ok(found) => view! { <Integration found asked /> }.into_any(),
                        Err(error) => view! { <Failure error /> }.into_any(),
                    }
                })}
            </ForAdministrators>
        </Frame>
    }
}

#[component]
fn Integration(found: IntegrationDetail, asked: Option<Asked>) -> impl IntoView {
    let IntegrationDetail {
        row,
        facts,
        secrets,
        is_asked,
    } = found;
    let here = format!("{PATH}/{}", row.id);
    let doomed = doomed(asked.as_ref(), std::slice::from_ref(&row));
    view! {
        <PageHead title=row.name.clone() trail=vec![step(PATH, "Integrations")] clone:row clone:here>
            <EnabledState enabled=row.enabled />
            <Switch row=row.clone() />
            <IntegrationActions row here />
        </PageHead>
        <p class="prose">
            {type_in_words(&row.kind)} " · Made " <Moment at=row.created_at /> " by " {row.created_by.clone()} " · Last updated "
            <Moment at=row.updated_at /> " by " {row.updated_by.clone()}
        </p>
        <div class="columns">
            <Settings id=row.id.clone() facts secrets />
            <Validation row is_asked />
        </div>
        <InfoDialog asked kind=ObjectType::Integration here=here.clone() />
        {doomed.map(|row| view! { <AskDelete row here /> })}
    }
}

/// The button that enables or disables it.
#[component]
fn Switch(row: IntegrationRow) -> impl IntoView {
    let (words, enabled) = if row.enabled {
        ("Disable", "false")
    } else {
        ("Enable", "true")
    };
    view! {
        <form method="post" action=SetIntegrationEnabled::url()>
            <input type="hidden" name="id" value=row.id />
            <input type="hidden" name="enabled" value=enabled />
            <button type="submit" class="button">{words}</button>
        </form>
    }
}

#[component]
fn Settings(
    id: String,
    facts: Vec<(String, String)>,
    secrets: Vec<(String, bool)>,
) -> impl IntoView {
    let nothing = facts.is_empty() && secrets.is_empty();
    let facts = facts
        .into_iter()
        .map(|(name, fact)| view! { <div><dt>{name}</dt><dd class="multiline">{fact}</dd></div> })
        .collect_view();
    let secrets = secrets
        .into_iter()
        .map(|(name, is_stored)| {
            let words = if is_stored {
                "Stored, encrypted. It is not shown."
            } else {
                "Not set"
            };
            view! { <div><dt>{name}</dt><dd class="quiet">{words}</dd></div> }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="settings-heading">
            <h2 id="settings-heading">"Settings"</h2>
            {if nothing {
                view! {
                    <p class="quiet">"Nothing is set yet. " <a href=format!("{PATH}/{id}/edit")>"Fill it in"</a></p>
                }
                .into_any()
            } else {
                view! { <dl class="definitions">{facts}{secrets}</dl> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Validation(row: IntegrationRow, is_asked: bool) -> impl IntoView {
    let outcome = match row.validated {
        Validated::Not => {
            view! { <p class="quiet">"It was not validated since it was last changed."</p> }
                .into_any()
        }
        Validated::Sound(at) => {
            view! { <p><span class="state state-live">"Sound"</span> " " <Moment at /></p> }
                .into_any()
        }
        Validated::Failed(at, why) => view! {
            <p><span class="state state-soon">"Failed"</span> " " <Moment at /></p>
            <p>{why}</p>
        }
        .into_any(),
    };
    let means = if is_asked {
        "Checks what is set, and whether somebody answers at the address it sends to. No key is sent and nobody is told anything."
    } else {
        "Checks what is set. Nobody is asked: only a message would tell whether the keys are good."
    };
    view! {
        <section class="panel" aria-labelledby="validation-heading">
            <h2 id="validation-heading">"Does it work?"</h2>
            {outcome}
            <form method="post" action=ValidateIntegration::url() class="form-line">
                <input type="hidden" name="id" value=row.id />
                <button type="submit" class="button" aria-describedby="validation-means">"Validate"</button>
            </form>
            <p class="hint" id="validation-means">{means}</p>
        </section>
    }
}

/// One integration.
///
/// # Errors
/// [`UiError::NotFound`] when there is none.
#[server(prefix = "/ui", endpoint = "integration/find")]
pub async fn find_integration(
    /// The integration.
    id: String,
) -> Result<IntegrationDetail, UiError> {
    use crate::{
        pages::integrations::server,
        request::{context, parameters},
    };
    let (service, caller) = context::signed_in()?;
    let found = service
        .integrations()
        .find(&caller, parameters::id(&id)?)
        .await;
    Ok(server::detail(context::told(found)?))
}

/// Finds out whether an integration works.
///
/// # Errors
/// [`UiError::Rejected`] with what is wrong with it, [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "integration/validate")]
pub async fn validate_integration(
    /// The integration.
    id: String,
) -> Result<(), UiError> {
    use crate::request::{context, parameters};
    let (service, caller) = context::signed_in()?;
    let done = service
        .integrations()
        .validate(&caller, parameters::id(&id)?)
        .await;
    context::Form::on("validate", format!("{PATH}/{id}"))
        .saying("The integration is sound.")
        .ends(context::told(done))
}

/// Enables or disables an integration; all else stays.
///
/// # Errors
/// [`UiError::Rejected`] when it is not complete enough, [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "integration/enable")]
pub async fn set_integration_enabled(
    /// The integration.
    id: String,
    /// Whether it shall be enabled.
    enabled: bool,
) -> Result<(), UiError> {
    use crate::{
        pages::integrations::server,
        request::{context, parameters},
    };
    let (service, caller) = context::signed_in()?;
    let done = server::switch(&service, &caller, parameters::id(&id)?, enabled).await;
    let words = if enabled { "enabled" } else { "disabled" };
    context::Form::on("enable", format!("{PATH}/{id}"))
        .saying(format!("The integration is {words}."))
        .ends(done)
}
