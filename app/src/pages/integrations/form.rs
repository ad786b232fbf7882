//! `/integrations/new` and `/integrations/{id}/edit`: an integration by the form of its type. Secrets are written and
//! never shown; one that is left empty stays what it is.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    error::UiError,
    model::integrations::form::{FORM, FormValue, IntegrationForm, Secret},
    pages::integrations::{
        field::OneField,
        list::{PATH, WORDS},
        types::{GROUPS, type_in_words},
    },
    ui::{
        empty::{Failure, ForAdministrators},
        field::{Choice, Field},
        frame::{Frame, Section},
        head::{PageHead, step},
        notice::Banner,
    },
};

/// Fields that are seen at once; the others are a click away.
const SEEN: usize = 9;

/// A new integration: first its type, then its form.
#[component]
pub fn NewIntegrationPage() -> impl IntoView {
    let kind = use_query_map()
        .with_untracked(|query| query.get("type"))
        .unwrap_or_default();
    view! {
        <Frame title="New integration" section=Section::Integrations>
            <ForAdministrators words=WORDS>
                {if kind.is_empty() { view! { <Types /> }.into_any() } else { view! { <Filling id=String::new() kind /> }.into_any() }}
            </ForAdministrators>
        </Frame>
    }
}

/// Changes of an integration.
#[component]
pub fn EditIntegrationPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    view! {
        <Frame title="Edit integration" section=Section::Integrations>
            <ForAdministrators words=WORDS><Filling id kind=String::new() /></ForAdministrators>
        </Frame>
    }
}

#[component]
fn Types() -> impl IntoView {
    let groups = GROUPS
        .iter()
        .map(|(title, names)| {
            let links = names
                .iter()
                .map(|name| view! { <li><a class="button" href=format!("{PATH}/new?type={name}")>{type_in_words(name)}</a></li> })
                .collect_view();
            view! {
                <section class="panel">
                    <h2>{*title}</h2>
                    <ul class="choices">{links}</ul>
                </section>
            }
        })
        .collect_view();
    view! {
        <PageHead title="New integration" trail=vec![step(PATH, "Integrations")] />
        <p class="prose">"Of which type? It cannot be changed later."</p>
        <div class="stack">{groups}</div>
    }
}

#[component]
fn Filling(id: String, kind: String) -> impl IntoView {
    Suspend::new(async move {
        match fill_integration(id, kind).await {
            Ok(form) => {
                provide_context(form.notice.clone());
                view! { <Whole form /> }.into_any()
            }
            Err(error) => view! { <Failure error /> }.into_any(),
        }
    })
}

#[component]
fn Whole(form: IntegrationForm) -> impl IntoView {
    let kind = type_in_words(&form.kind);
    let (title, trail, cancel, submit) = if form.id.is_empty() {
        let trail = vec![
            step(PATH, "Integrations"),
            step(format!("{PATH}/new"), "New integration"),
        ];
        (
            kind.clone(),
            trail,
            format!("{PATH}/new"),
            "Create integration",
        )
    } else {
        let page = format!("{PATH}/{}", form.id);
        let trail = vec![step(PATH, "Integrations"), step(&page, &form.stored_name)];
        (format!("Edit {}", form.stored_name), trail, page, "Save")
    };
    let (seen, more) = apart(form.fields);
    let enabled = [("true", "Yes"), ("false", "No")]
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .to_vec();
    let has_more = !more.is_empty() || !form.items.is_empty();
    let is_open = more
        .iter()
        .chain(form.items.iter().flat_map(|(_, fields)| fields))
        .any(|field| !field.value.is_empty());
    view! {
        <PageHead title trail />
        <Banner />
        <p class="prose">{format!("An integration of the type {kind}.")}</p>
        <form method="post" class="form">
            <Field form=FORM name="name" label="Name" given=form.name focused=true max_length=domain::platform::limits::OBJECT_NAME_CHARACTERS />
            <Choice form=FORM name="enabled" label="Enabled" choices=enabled given=form.enabled.to_string() />
            {seen.into_iter().map(|field| view! { <OneField field /> }).collect_view()}
            {has_more.then(|| view! {
                <details class="disclosure" open=is_open>
                    <summary>"More settings (optional)"</summary>
                    <div class="form">
                        {more.into_iter().map(|field| view! { <OneField field /> }).collect_view()}
                        {form.items.into_iter().map(|(legend, fields)| view! {
                            <fieldset class="field item">
                                <legend>{legend}</legend>
                                <div class="form">{fields.into_iter().map(|field| view! { <OneField field /> }).collect_view()}</div>
                            </fieldset>
                        }).collect_view()}
                    </div>
                </details>
            })}
            <div class="form-actions">
                <button type="submit" class="button button-main">{submit}</button>
                <a class="button" href=cancel>"Cancel"</a>
            </div>
        </form>
    }
}

/// The fields that are seen at once: those that have to be filled in, secrets, and the first others.
fn apart(fields: Vec<FormValue>) -> (Vec<FormValue>, Vec<FormValue>) {
    if fields.len() <= SEEN {
        return (fields, Vec::new());
    }
    let mut seen = Vec::new();
    let mut more = Vec::new();
    for field in fields {
        let matters = field.required || field.secret != Secret::No || seen.len() < SEEN;
        if matters {
            seen.push(field)
        } else {
            more.push(field)
        }
    }
    (seen, more)
}

/// The form of an integration: of this one, or of a new one of this type. Posted to its page, it is stored.
///
/// # Errors
/// [`UiError::NotFound`] when there is no such integration or type.
#[server(prefix = "/ui", endpoint = "integration/form")]
pub async fn fill_integration(
    /// The integration; empty for a new one.
    id: String,
    /// The type of a new one.
    kind: String,
) -> Result<IntegrationForm, UiError> {
    use crate::{pages::integrations::form_server, request::context};
    let (service, caller) = context::signed_in()?;
    form_server::fill(&service, &caller, &id, &kind).await
}
