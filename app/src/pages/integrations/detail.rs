//! `/integrations/{id}`: the settings of an integration and its validation. Secrets are never shown.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        integrations::integration::{IntegrationDetail, IntegrationRow},
        platform::paths::INTEGRATIONS,
    },
    pages::{
        integrations::{
            actions::{ADMINISTRATORS_ONLY, IntegrationActions, IntegrationDialogs},
            state::EnabledState,
            types::type_name,
            validation::ValidationPanel,
        },
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        dialog::request::Asked,
        form::token::FormToken,
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
        time::DateTime,
    },
};

/// One integration.
#[component]
pub fn IntegrationPage() -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    let found = find_integration(id);
    view! {
        <Frame title="Integration" section=Section::Integrations>
            <ForAdministrators words=ADMINISTRATORS_ONLY>
                {loaded(found, move |found| view! { <Integration found asked /> })}
            </ForAdministrators>
        </Frame>
    }
}

#[component]
fn Integration(found: IntegrationDetail, asked: Option<Asked>) -> impl IntoView {
    let IntegrationDetail {
        row,
        settings,
        secrets,
        connects,
    } = found;
    let here = format!("{INTEGRATIONS}/{}", row.id);
    let (id, name) = (row.id.clone(), row.name.clone());
    view! {
        <PageHead title=name.clone() breadcrumbs=vec![step(INTEGRATIONS, "Integrations")] clone:id clone:here>
            <EnabledState enabled=row.enabled />
            <IntegrationEnableButton id=id.clone() enabled=row.enabled />
            <IntegrationActions id name here />
        </PageHead>
        <Provenance row=row.clone() />
        <div class="columns">
            <IntegrationSettings settings secrets />
            <ValidationPanel id validation=row.validation.clone() connects />
        </div>
        <IntegrationDialogs asked rows=vec![row] here />
    }
}

/// The type, and who created and last updated it.
#[component]
fn Provenance(row: IntegrationRow) -> impl IntoView {
    view! {
        <p class="prose">
            {type_name(&row.kind)} " · Created " <DateTime at=row.created_at /> " by " {row.created_by} " · Last updated "
            <DateTime at=row.updated_at /> " by " {row.updated_by}
        </p>
    }
}

/// The button that enables or disables it.
#[component]
fn IntegrationEnableButton(id: String, enabled: bool) -> impl IntoView {
    let (label, value) = if enabled {
        ("Disable", "false")
    } else {
        ("Enable", "true")
    };
    view! {
        <form method="post" action=SetIntegrationEnabled::url()>
            <FormToken action=SetIntegrationEnabled::url() />
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="enabled" value=value />
            <button type="submit" class="button">{label}</button>
        </form>
    }
}

#[component]
fn IntegrationSettings(
    settings: Vec<(String, String)>,
    secrets: Vec<(String, bool)>,
) -> impl IntoView {
    let settings = settings
        .into_iter()
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd class="multiline">{value}</dd></div> })
        .collect_view();
    let secrets = secrets
        .into_iter()
        .map(|(label, is_stored)| {
            let state = if is_stored {
                "Stored encrypted, never shown"
            } else {
                "Not set"
            };
            view! { <div><dt>{label}</dt><dd class="quiet">{state}</dd></div> }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="settings-heading">
            <h2 id="settings-heading">"Settings"</h2>
            <dl class="definitions">{settings}{secrets}</dl>
        </section>
    }
}

/// One integration with its settings.
///
/// # Errors
/// [`UiError::NotFound`]; [`UiError::Denied`] unless the caller is an administrator.
#[server(prefix = "/ui", endpoint = "integration/find")]
pub async fn find_integration(
    /// The integration.
    id: String,
) -> Result<IntegrationDetail, UiError> {
    use domain::platform::notification::without_secrets;

    use crate::{
        pages::integrations::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let id = parameters::id(&id)?;
    let found = service.integrations().find(&caller, id).await;
    let mut found = request::report(found)?;
    found.integration.document = without_secrets(found.integration.document);
    Ok(server::detail(found))
}

/// Enables or disables an integration. Nothing else of it changes.
///
/// # Errors
/// [`UiError::Rejected`] when required settings are missing; [`UiError::Denied`] unless the caller is an administrator.
#[server(prefix = "/ui", endpoint = "integration/enable")]
pub async fn set_integration_enabled(
    /// The integration.
    id: String,
    /// Whether to enable it.
    enabled: bool,
) -> Result<(), UiError> {
    use crate::{
        pages::integrations::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let done = server::set_enabled(&service, &caller, parameters::id(&id)?, enabled).await;
    let state = if enabled { "enabled" } else { "disabled" };
    request::Form::on("enable", format!("{INTEGRATIONS}/{id}"))
        .saying(format!("The integration is {state}."))
        .ends(done)
}
