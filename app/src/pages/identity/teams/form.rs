//! `/teams/new` and `/teams/{id}/edit`: the forms for a team.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{identity::team::TeamRow, platform::paths::TEAMS},
    pages::{
        identity::teams::detail::find_team,
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        form::field::{Field, Lines, PostForm},
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
    },
};

/// Name of the form in notices.
const FORM: &str = "team";

/// A new team.
#[component]
pub fn NewTeamPage() -> impl IntoView {
    view! {
        <Frame title="New team" section=Section::Teams>
            <PageHead title="New team" breadcrumbs=vec![step(TEAMS, "Teams")] />
            <ForAdministrators words="Only administrators can create and edit teams.">
                <PostForm action=CreateTeam::url() submit="Create team" cancel=TEAMS>
                    <TeamFields row=None />
                </PostForm>
            </ForAdministrators>
        </Frame>
    }
}

/// The form for an existing team.
#[component]
pub fn EditTeamPage() -> impl IntoView {
    let id = id_in_path();
    view! {
        <Frame title="Edit team" section=Section::Teams>
            {loaded(find_team(id, 1), move |team| view! { <TeamEditForm row=team.row /> })}
        </Frame>
    }
}

#[component]
fn TeamEditForm(row: TeamRow) -> impl IntoView {
    let page = format!("{TEAMS}/{}", row.id);
    let breadcrumbs = vec![step(TEAMS, "Teams"), step(&page, &row.name)];
    view! {
        <PageHead title=format!("Edit {}", row.name) breadcrumbs />
        <ForAdministrators words="Only administrators can create and edit teams.">
            <PostForm action=UpdateTeam::url() submit="Save" cancel=page fields=vec![("id", row.id.clone())]>
                <TeamFields row=Some(row) />
            </PostForm>
        </ForAdministrators>
    }
}

#[component]
fn TeamFields(row: Option<TeamRow>) -> impl IntoView {
    let (name, description) = row
        .map(|row| (row.name, row.description))
        .unwrap_or_default();
    view! {
        <Field form=FORM name="name" label="Name" given=name focused=true max_length=domain::platform::limits::NAME_CHARACTERS />
        <Lines form=FORM name="description" label="Description (optional)" given=description hint="What the team is responsible for." />
    }
}

/// Creates a team.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "team/create")]
pub async fn create_team(
    /// Name.
    name: String,
    /// Description.
    description: String,
) -> Result<(), UiError> {
    use crate::{model::document::from_texts, request};
    let (service, caller) = request::signed_in()?;
    let given = from_texts(&[("name", &name), ("description", &description)]);
    let made = request::report(service.identity().teams().create(&caller, &given).await);
    let page = made.as_ref().map_or_else(
        |_| TEAMS.to_owned(),
        |made| format!("{TEAMS}/{}", made.team.id),
    );
    request::Form::on(FORM, format!("{TEAMS}/new"))
        .then(page)
        .saying(format!(
            "The team {} is created. Add its members here.",
            name.trim()
        ))
        .keeping("name", &name)
        .keeping("description", &description)
        .ends(made.map(drop))
}

/// Updates a team's name and description. Members and links stay.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "team/update")]
pub async fn update_team(
    /// The team.
    id: String,
    /// Name.
    name: String,
    /// Description.
    description: String,
) -> Result<(), UiError> {
    use crate::{
        model::document::from_texts,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let team_id = parameters::id(&id)?;
    let before = request::report(service.identity().teams().find(&caller, team_id).await)?;
    let mut given = before.team.document;
    given.extend(from_texts(&[
        ("name", &name),
        ("description", &description),
    ]));
    let members = before
        .members
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    given.insert("members".to_owned(), members.into());
    let done = request::report(
        service
            .identity()
            .teams()
            .update(&caller, team_id, &given)
            .await,
    );
    request::Form::on(FORM, format!("{TEAMS}/{id}/edit"))
        .then(format!("{TEAMS}/{id}"))
        .saying("The team is saved.")
        .keeping("name", &name)
        .keeping("description", &description)
        .ends(done.map(drop))
}
