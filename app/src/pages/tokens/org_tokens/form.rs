//! `/access-tokens/new` and `/access-tokens/{id}/edit`: the forms for an access token.

use std::collections::HashMap;

use domain::identity::role::Role;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        platform::paths::ACCESS_TOKENS,
        tokens::access_token_input::{AccessTokenDraft, AccessTokenInput, LIMITS},
    },
    pages::{
        platform::{administrators_only::ForAdministrators, frame::Frame},
        tokens::org_tokens::actions::{DAYS, USUAL_DAYS},
    },
    ui::{
        form::field::{CheckGroup, CheckOption, Choice, Field, Lines, PostForm},
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
    },
};

/// Name of the form in notices.
const FORM: &str = "access-token";

/// A new access token.
#[component]
pub fn NewAccessTokenPage() -> impl IntoView {
    let input = AccessTokenInput {
        role: Role::Power.title().to_owned(),
        visibility: "administrators".to_owned(),
        ..AccessTokenInput::default()
    };
    let scopes = [
        ("INGEST", "Sending data", "Data points, events and traces."),
        (
            "API",
            "Calling the API",
            "With the role below, on behalf of the organization.",
        ),
        (
            "RUM",
            "Sending data from browsers",
            "Every visitor of the page can read such a token, so it allows nothing else.",
        ),
        (
            "AUDIT",
            "Exporting the audit log and the call log",
            "With GET /v2/audit/export, for a security monitoring system. It allows nothing else.",
        ),
    ];
    view! {
        <Frame title="New access token" section=Section::AccessTokens>
            <PageHead title="New access token" breadcrumbs=vec![step(ACCESS_TOKENS, "Access tokens")] />
            <ForAdministrators words="Only administrators can create and edit access tokens.">
                <PostForm action=CreateAccessToken::url() submit="Create access token" cancel=ACCESS_TOKENS>
                    <NameAndLifetime input=input.clone() />
                    <CheckGroup form=FORM name="authScopes" legend="For" options=scopes.map(option).to_vec() given=vec!["INGEST".to_owned()] hint="This cannot be changed later." />
                    <RoleChoice given=input.role.clone() />
                    <Field form=FORM name="secondsUntilExpiry" label="Days until it expires" kind="number" range=DAYS given=USUAL_DAYS.to_string() />
                    <Visibility input=input.clone() />
                    <Limits limits=HashMap::new() />
                </PostForm>
            </ForAdministrators>
        </Frame>
    }
}

/// The form for an existing access token.
#[component]
pub fn EditAccessTokenPage() -> impl IntoView {
    let id = id_in_path();
    view! {
        <Frame title="Edit access token" section=Section::AccessTokens>
            <ForAdministrators words="Only administrators can create and edit access tokens.">
                {loaded(find_access_token_draft(id.clone()), move |draft| view! { <AccessTokenEditForm id draft /> })}
            </ForAdministrators>
        </Frame>
    }
}

#[component]
fn AccessTokenEditForm(id: String, draft: AccessTokenDraft) -> impl IntoView {
    let AccessTokenDraft { input, calls_api } = draft;
    let page = format!("{ACCESS_TOKENS}/{id}");
    let name = input.name.clone();
    view! {
        <PageHead title=format!("Edit {name}") breadcrumbs=vec![step(ACCESS_TOKENS, "Access tokens"), step(&page, name)] />
        <PostForm action=UpdateAccessToken::url() submit="Save" cancel=page fields=vec![("id", id)]>
            <NameAndLifetime input=input.clone() />
            {calls_api.then(|| view! { <RoleChoice given=input.role.clone() /> })}
            <Visibility input=input.clone() />
            <Limits limits=input.limits.clone() />
        </PostForm>
    }
}

fn option((value, words, means): (&str, &str, &str)) -> CheckOption {
    CheckOption {
        value: value.to_owned(),
        words: words.to_owned(),
        means: means.to_owned(),
    }
}

#[component]
fn NameAndLifetime(input: AccessTokenInput) -> impl IntoView {
    view! {
        <Field form=FORM name="name" label="Name" given=input.name focused=true max_length=domain::platform::limits::NAME_CHARACTERS />
        <Lines form=FORM name="description" label="Description (optional)" given=input.description rows=2 />
    }
}

#[component]
fn RoleChoice(given: String) -> impl IntoView {
    let choices = [Role::Power, Role::Usage, Role::ReadOnly]
        .map(|role| (role.title().to_owned(), role.label().to_owned()))
        .to_vec();
    view! { <Choice form=FORM name="roles" label="Role on the API" choices given hint="Applies only to a token that calls the API." /> }
}

#[component]
fn Visibility(input: AccessTokenInput) -> impl IntoView {
    let options = [
        ("administrators", "Administrators only", ""),
        ("all", "All members", ""),
        ("these", "These people and teams", ""),
    ];
    view! {
        <CheckGroup
            form=FORM
            name="visibility"
            legend="Who can see it"
            options=options.map(option).to_vec()
            given=vec![input.visibility]
            only_one=true
            hint="Power users among them may see its secret too."
        />
        <Lines
            form=FORM
            name="readers"
            label="These people and teams (optional)"
            given=input.readers
            rows=2
            hint="One per line: an email, or the name of a team. Used only with “These people and teams”."
        />
    }
}

#[component]
fn Limits(limits: HashMap<String, String>) -> impl IntoView {
    let notice = use_context::<crate::model::platform::notice::Notice>().unwrap_or_default();
    let is_open = !limits.is_empty()
        || LIMITS.iter().any(|(name, ..)| {
            notice
                .kept_of(FORM, name)
                .is_some_and(|kept| !kept.is_empty())
        });
    let fields = LIMITS
        .iter()
        .map(|(name, field, label)| {
            let given = limits.get(*field).cloned().unwrap_or_default();
            view! { <Field form=FORM name=*name label=*label kind="number" given may_be_empty=true /> }
        })
        .collect_view();
    view! {
        <details class="disclosure" open=is_open>
            <summary>"Limits (optional)"</summary>
            <div class="pairs">{fields}</div>
        </details>
    }
}

/// Initial content of the form for an existing token.
///
/// # Errors
/// [`UiError::NotFound`].
#[server(prefix = "/ui", endpoint = "access-token/draft")]
pub async fn find_access_token_draft(
    /// The token.
    id: String,
) -> Result<AccessTokenDraft, UiError> {
    use crate::{
        pages::tokens::org_tokens::form_server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let found = service
        .tokens()
        .org()
        .find_detail(&caller, parameters::id(&id)?);
    form_server::draft(&service, &caller, request::report(found.await)?).await
}

/// Creates an access token.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "access-token/create")]
pub async fn create_access_token(
    /// Content of the form.
    #[server(flatten)]
    input: AccessTokenInput,
    /// Scopes.
    #[server(default)]
    #[server(rename = "authScopes")]
    scopes: Vec<String>,
    /// Days until it expires.
    #[server(rename = "secondsUntilExpiry")]
    days: String,
) -> Result<(), UiError> {
    use crate::{pages::tokens::org_tokens::form_server, request};
    let (service, caller) = request::signed_in()?;
    let made = form_server::create(&service, &caller, &input, &scopes, &days).await;
    let page = made.as_ref().map_or_else(
        |_| ACCESS_TOKENS.to_owned(),
        |id| format!("{ACCESS_TOKENS}/{id}"),
    );
    form_server::kept(
        request::Form::on(FORM, format!("{ACCESS_TOKENS}/new")),
        &input,
    )
    .then(page)
    .saying("The token is created. Its secret is shown below.")
    .keeping_all("authScopes", &scopes)
    .keeping("secondsUntilExpiry", &days)
    .ends(made.map(drop))
}

/// Updates an access token.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "access-token/update")]
pub async fn update_access_token(
    /// The token.
    id: String,
    /// Content of the form.
    #[server(flatten)]
    input: AccessTokenInput,
) -> Result<(), UiError> {
    use crate::{pages::tokens::org_tokens::form_server, request};
    let (service, caller) = request::signed_in()?;
    let done = form_server::update(&service, &caller, &id, &input).await;
    form_server::kept(
        request::Form::on(FORM, format!("{ACCESS_TOKENS}/{id}/edit")),
        &input,
    )
    .then(format!("{ACCESS_TOKENS}/{id}"))
    .saying("The token is saved.")
    .ends(done)
}
