//! `/integrations/new` and `/integrations/{id}/edit`: the form of an integration's type. Stored secrets are never
//! shown; an empty field keeps them.

use domain::platform::limits::OBJECT_NAME_CHARACTERS;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    model::{
        integrations::form::{FORM, FieldSecret, FieldValue, IntegrationForm},
        platform::paths::INTEGRATIONS,
    },
    pages::{
        integrations::{
            actions::ADMINISTRATORS_ONLY,
            field::SettingField,
            types::{GROUPS, type_name},
        },
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        form::{
            field::{Choice, Field},
            notice::Banner,
            token::FormToken,
        },
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
    },
};

/// Fields that are always visible; further optional ones are behind "More settings".
const VISIBLE_FIELDS: usize = 9;

/// A new integration: the choice of its type, then its form.
#[component]
pub fn NewIntegrationPage() -> impl IntoView {
    let kind = use_query_map()
        .with_untracked(|query| query.get("type"))
        .unwrap_or_default();
    view! {
        <Frame title="New integration" section=Section::Integrations>
            <ForAdministrators words=ADMINISTRATORS_ONLY>
                {if kind.is_empty() {
                    view! { <TypeChoice /> }.into_any()
                } else {
                    view! { <FilledForm id=String::new() kind /> }.into_any()
                }}
            </ForAdministrators>
        </Frame>
    }
}

/// Changes to an integration.
#[component]
pub fn EditIntegrationPage() -> impl IntoView {
    let id = id_in_path();
    view! {
        <Frame title="Edit integration" section=Section::Integrations>
            <ForAdministrators words=ADMINISTRATORS_ONLY><FilledForm id kind=String::new() /></ForAdministrators>
        </Frame>
    }
}

#[component]
fn TypeChoice() -> impl IntoView {
    let groups = GROUPS
        .iter()
        .map(|(title, names)| view! { <TypeGroup title names /> })
        .collect_view();
    view! {
        <PageHead title="New integration" breadcrumbs=vec![step(INTEGRATIONS, "Integrations")] />
        <p class="prose">"Choose a type. It cannot be changed later."</p>
        <div class="stack">{groups}</div>
    }
}

#[component]
fn TypeGroup(title: &'static str, names: &'static [&'static str]) -> impl IntoView {
    let links = names
        .iter()
        .map(|name| view! { <li><a class="button" href=format!("{INTEGRATIONS}/new?type={name}")>{type_name(name)}</a></li> })
        .collect_view();
    view! {
        <section class="panel">
            <h2>{title}</h2>
            <ul class="choices">{links}</ul>
        </section>
    }
}

#[component]
fn FilledForm(id: String, kind: String) -> impl IntoView {
    loaded(fill_integration(id, kind), |form| {
        provide_context(form.notice.clone());
        if form.id.is_empty() {
            view! { <NewIntegration form /> }.into_any()
        } else {
            view! { <EditIntegration form /> }.into_any()
        }
    })
}

#[component]
fn NewIntegration(form: IntegrationForm) -> impl IntoView {
    let new = format!("{INTEGRATIONS}/new");
    let breadcrumbs = vec![
        step(INTEGRATIONS, "Integrations"),
        step(&new, "New integration"),
    ];
    view! {
        <PageHead title=type_name(&form.kind) breadcrumbs />
        <IntegrationFormBody form submit="Create integration" cancel=new />
    }
}

#[component]
fn EditIntegration(form: IntegrationForm) -> impl IntoView {
    let page = format!("{INTEGRATIONS}/{}", form.id);
    let breadcrumbs = vec![
        step(INTEGRATIONS, "Integrations"),
        step(&page, &form.stored_name),
    ];
    view! {
        <PageHead title=format!("Edit {}", form.stored_name) breadcrumbs />
        <IntegrationFormBody form submit="Save" cancel=page />
    }
}

#[component]
fn IntegrationFormBody(
    form: IntegrationForm,
    submit: &'static str,
    cancel: String,
) -> impl IntoView {
    let (visible, more) = split(form.fields);
    let enabled = [("true", "Yes"), ("false", "No")]
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .to_vec();
    view! {
        <Banner />
        <p class="prose">{format!("Type: {}.", type_name(&form.kind))}</p>
        <form method="post" class="form">
            <FormToken />
            <Field form=FORM name="name" label="Name" given=form.name focused=true max_length=OBJECT_NAME_CHARACTERS />
            <Choice form=FORM name="enabled" label="Enabled" choices=enabled given=form.enabled.to_string() />
            <FormFields fields=visible />
            <MoreSettings fields=more items=form.items />
            <div class="form-actions">
                <button type="submit" class="button button-main">{submit}</button>
                <a class="button" href=cancel>"Cancel"</a>
            </div>
        </form>
    }
}

#[component]
fn FormFields(fields: Vec<FieldValue>) -> impl IntoView {
    fields
        .into_iter()
        .map(|field| view! { <SettingField field /> })
        .collect_view()
}

/// Optional settings, open when one has a value.
#[component]
fn MoreSettings(fields: Vec<FieldValue>, items: Vec<(String, Vec<FieldValue>)>) -> impl IntoView {
    let all = items.iter().flat_map(|(_, fields)| fields).chain(&fields);
    let is_open = all.clone().any(|field| !field.value.is_empty());
    let is_empty = all.count() == 0;
    (!is_empty).then(|| {
        let items = items
            .into_iter()
            .map(|(legend, fields)| view! { <Item legend fields /> })
            .collect_view();
        view! {
            <details class="disclosure" open=is_open>
                <summary>"More settings (optional)"</summary>
                <div class="form"><FormFields fields /> {items}</div>
            </details>
        }
    })
}

#[component]
fn Item(legend: String, fields: Vec<FieldValue>) -> impl IntoView {
    view! {
        <fieldset class="field item">
            <legend>{legend}</legend>
            <div class="form"><FormFields fields /></div>
        </fieldset>
    }
}

/// The fields that are always visible (required ones, secrets, and the first others), and the rest.
fn split(fields: Vec<FieldValue>) -> (Vec<FieldValue>, Vec<FieldValue>) {
    let mut visible = 0;
    fields.into_iter().partition(|field| {
        let is_visible =
            field.required || field.secret != FieldSecret::Public || visible < VISIBLE_FIELDS;
        visible += usize::from(is_visible);
        is_visible
    })
}

/// The form of an integration, or of a new one of a type. When it was posted, the integration is stored.
///
/// # Errors
/// [`UiError::NotFound`] when there is no such integration or type.
#[server(prefix = "/ui", endpoint = "integration/form")]
pub async fn fill_integration(
    /// The integration; empty for a new one.
    id: String,
    /// The type of a new integration.
    kind: String,
) -> Result<IntegrationForm, UiError> {
    use crate::{pages::integrations::form_server, request};
    let (service, caller) = request::signed_in()?;
    form_server::fill(&service, &caller, &id, &kind).await
}
