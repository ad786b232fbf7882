//! `/teams/new` and `/teams/{id}/edit`: a team's name and what it is for.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::{identity::team::TeamRow, platform::paths::TEAMS},
    pages::{
        identity::teams::detail::find_team,
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        failure::Failure,
        field::{Field, Form, Lines},
        head::{PageHead, step},
        navigation::Section,
    },
};

/// The form as notices call it.
const FORM: &str = "team";

/// A new team.
#[component]
pub fn NewTeamPage() -> impl IntoView {
    view! {
        <Frame title="New team" section=Section::Teams>
            <PageHead title="New team" trail=vec![step(TEAMS, "Teams")] />
            <ForAdministrators words="Only administrators make and change teams.">
                <Form action=CreateTeam::url() submit="Create team" cancel=TEAMS>
                    <Fields row=None />
                </Form>
            </ForAdministrators>
        </Frame>
    }
}

/// Another name or description for a team.
#[component]
pub fn EditTeamPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    view! {
        <Frame title="Edit team" section=Section::Teams>
            {Suspend::new(async move {
                match find_team(id).await {
                    Ok(team) => view! { <Edit row=team.row /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Edit(row: TeamRow) -> impl IntoView {
    let page = format!("{TEAMS}/{}", row.id);
    let trail = vec![step(TEAMS, "Teams"), step(&page, &row.name)];
    view! {
        <PageHead title=format!("Edit {}", row.name) trail />
        <ForAdministrators words="Only administrators make and change teams.">
            <Form action=UpdateTeam::url() submit="Save" cancel=page fields=vec![("id", row.id.clone())]>
                <Fields row=Some(row) />
            </Form>
        </ForAdministrators>
    }
}

#[component]
fn Fields(row: Option<TeamRow>) -> impl IntoView {
    let (name, description) = row
        .map(|row| (row.name, row.description))
        .unwrap_or_default();
    view! {
        <Field form=FORM name="name" label="Name" given=name focused=true max_length=domain::platform::limits::NAME_CHARACTERS />
        <Lines form=FORM name="description" label="Description (optional)" given=description hint="What the team looks after." />
    }
}

/// Makes a team.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "team/create")]
pub async fn create_team(
    /// What it is called.
    name: String,
    /// What it is for.
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
            "The team {} is made. Add its people here.",
            name.trim()
        ))
        .keeping("name", &name)
        .keeping("description", &description)
        .ends(made.map(drop))
}

/// Changes a team's name and description; its people and its links stay.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "team/update")]
pub async fn update_team(
    /// The team.
    id: String,
    /// What it is called.
    name: String,
    /// What it is for.
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
