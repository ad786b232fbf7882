//! `/teams/{id}`: a team, its members, and the objects linked to it.

use domain::audit::event::ObjectType;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        identity::team::{LinkedObject, TeamDetail, TeamMember, TeamRow},
        platform::{
            list::Choices,
            paths::{TEAMS, object_page},
            viewer::{Viewer, administrates},
        },
    },
    pages::{
        audit::info::InfoDialog,
        identity::teams::list::{AskDelete, TeamActions, to_delete},
        platform::frame::Frame,
    },
    ui::{
        dialog::{ask::Ask, request::Asked},
        form::{field::Field, token::FormToken},
        list::listing::counted,
        page::{
            empty::Empty,
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
        time::DateTime,
    },
};

/// One team.
#[component]
pub fn TeamPage() -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    let removed = leptos_router::hooks::use_query_map().with_untracked(|query| query.get("remove"));
    view! {
        <Frame title="Team" section=Section::Teams>
            {loaded(find_team(id), move |team| view! { <Team team asked removed /> })}
        </Frame>
    }
}

#[component]
fn Team(team: TeamDetail, asked: Option<Asked>, removed: Option<String>) -> impl IntoView {
    let TeamDetail {
        row,
        members,
        linked,
        others,
    } = team;
    let here = format!("{TEAMS}/{}", row.id);
    let to_delete = to_delete(asked.as_ref(), std::slice::from_ref(&row));
    let leaving = members
        .iter()
        .find(|member| Some(&member.id) == removed.as_ref())
        .filter(|member| member.is_me || administrates())
        .cloned();
    view! {
        <PageHead title=row.name.clone() breadcrumbs=vec![step(TEAMS, "Teams")] clone:row clone:members clone:here>
            <MembershipButton row=row.clone() members />
            <TeamActions id=row.id.clone() name=row.name.clone() here />
        </PageHead>
        {(!row.description.is_empty()).then(|| view! { <p class="prose">{row.description.clone()}</p> })}
        <p class="prose">
            "Created " <DateTime at=row.created_at /> " by " {row.created_by.clone()} " · Last updated " <DateTime at=row.updated_at />
            " by " {row.updated_by.clone()}
        </p>
        <div class="columns">
            <Members team_id=row.id.clone() members others />
            <TeamLinks linked />
        </div>
        <InfoDialog asked kind=ObjectType::Team here=here.clone() />
        {to_delete.map(|row| view! { <AskDelete row here=here.clone() /> })}
        {leaving.map(|member| view! { <AskRemove team=row member here /> })}
    }
}

/// The button to join or leave the team.
#[component]
fn MembershipButton(row: TeamRow, members: Vec<TeamMember>) -> impl IntoView {
    let is_writer = use_context::<Viewer>().is_some_and(|viewer| viewer.is_writer);
    if let Some(me) = members.into_iter().find(|member| member.is_me) {
        return view! {
            <form method="get" action=format!("{TEAMS}/{}", row.id)>
                <input type="hidden" name="remove" value=me.id />
                <button type="submit" class="button" id="leave">"Leave"</button>
            </form>
        }
        .into_any();
    }
    if is_writer {
        view! {
            <form method="post" action=JoinTeam::url()>
                <FormToken action=JoinTeam::url() />
                <input type="hidden" name="id" value=row.id />
                <button type="submit" class="button">"Join"</button>
            </form>
        }
        .into_any()
    } else {
        view! { <p class="quiet">"Joining requires the role power user."</p> }.into_any()
    }
}

#[component]
fn Members(team_id: String, members: Vec<TeamMember>, others: Choices) -> impl IntoView {
    let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
    let administrates = administrates();
    let rows = members
        .into_iter()
        .map(|member| view! { <MemberOfTeam team_id=team_id.clone() member removable=administrates /> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="members-heading">
            <h2 id="members-heading">"Members " <span class="quiet">{counted(count, "person", "people")}</span></h2>
            {if count == 0 {
                view! { <Empty title="No members yet">"Power users can join; administrators can add any member."</Empty> }.into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">"Name"</th>
                                <th scope="col">"Email"</th>
                                <th scope="col"><span class="visually-hidden">"Remove"</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
                .into_any()
            }}
            {if administrates {
                view! {
                    <form method="post" action=AddTeamMember::url() class="form-line">
                        <FormToken action=AddTeamMember::url() />
                        <input type="hidden" name="id" value=team_id />
                        <Field form="team-member" name="email" label="Add member by email" kind="text" choices=others />
                        <button type="submit" class="button">"Add"</button>
                    </form>
                }
                .into_any()
            } else {
                view! { <p class="hint">"Administrators add and remove other people."</p> }.into_any()
            }}
        </section>
    }
}

#[component]
fn MemberOfTeam(team_id: String, member: TeamMember, removable: bool) -> impl IntoView {
    let name_id = format!("member-{}", member.id);
    view! {
        <tr>
            <th scope="row" data-label="Name" id=name_id.clone()>
                {member.name}
                {member.is_me.then(|| view! { " " <span class="state">"You"</span> })}
            </th>
            <td data-label="Email">{member.email}</td>
            <td class="table-action">
                {removable.then(|| view! {
                    <form method="get" action=format!("{TEAMS}/{team_id}")>
                        <input type="hidden" name="remove" value=member.id.clone() />
                        <button type="submit" class="button" id=format!("remove-{}", member.id) aria-describedby=name_id>"Remove"</button>
                    </form>
                })}
            </td>
        </tr>
    }
}

#[component]
fn TeamLinks(linked: Vec<LinkedObject>) -> impl IntoView {
    let links = linked
        .iter()
        .map(|linked| {
            let name = linked.name.clone();
            let named = match object_page(linked.kind, &linked.id) {
                Some(page) => view! { <a href=page>{name}</a> }.into_any(),
                None => name.into_any(),
            };
            view! { <li>{named} " " <span class="quiet">{linked.kind.words()}</span></li> }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="links-heading">
            <h2 id="links-heading">"Linked objects"</h2>
            {if linked.is_empty() {
                view! { <Empty title="No linked objects">"No detector or dashboard group that you can read names this team."</Empty> }
                    .into_any()
            } else {
                view! { <ul class="places">{links}</ul> }.into_any()
            }}
        </section>
    }
}

/// Asks for confirmation before a member is removed from a team.
#[component]
fn AskRemove(team: TeamRow, member: TeamMember, here: String) -> impl IntoView {
    let (heading, button, return_to) = if member.is_me {
        (format!("Leave {}?", team.name), "Leave", "leave".to_owned())
    } else {
        let heading = format!("Remove {} from {}?", member.name, team.name);
        (heading, "Remove", format!("remove-{}", member.id))
    };
    view! {
        <Ask
            heading
            here
            return_to
            action=RemoveTeamMember::url()
            fields=vec![("id", team.id), ("user", member.id)]
            button
        >
            <p>"They lose access to what only the team may read or write. They can be added again."</p>
        </Ask>
    }
}

/// One team with its members.
///
/// # Errors
/// [`UiError::NotFound`].
#[server(prefix = "/ui", endpoint = "team/find")]
pub async fn find_team(
    /// The team.
    id: String,
) -> Result<TeamDetail, UiError> {
    use crate::{
        pages::identity::teams::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let found = request::report(
        service
            .identity()
            .teams()
            .find(&caller, parameters::id(&id)?)
            .await,
    )?;
    server::detail(&service, &caller, found).await
}

/// Adds the signed-in user to a team.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] for a caller with read-only access.
#[server(prefix = "/ui", endpoint = "team/join")]
pub async fn join_team(
    /// The team.
    id: String,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let me = caller.user().ok_or(UiError::SignedOut)?.id;
    let done = service
        .identity()
        .teams()
        .add_members(&caller, parameters::id(&id)?, &[me])
        .await;
    request::Form::on("join", format!("{TEAMS}/{id}"))
        .saying("You joined the team.")
        .ends(request::report(done))
}

/// Adds a member to a team.
///
/// # Errors
/// [`UiError::Rejected`] when no member has the address, [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "team/add")]
pub async fn add_team_member(
    /// The team.
    id: String,
    /// The member's email address.
    email: String,
) -> Result<(), UiError> {
    use crate::{
        pages::identity::teams::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let team_id = parameters::id(&id)?;
    let done = match server::person(&service, &email).await {
        Ok(person) => {
            let done = service
                .identity()
                .teams()
                .add_members(&caller, team_id, &[person])
                .await;
            request::report(done)
        }
        Err(error) => Err(error),
    };
    request::Form::on("team-member", format!("{TEAMS}/{id}"))
        .saying(format!("{} was added to the team.", email.trim()))
        .keeping("email", &email)
        .ends(done)
}

/// Removes a member from a team: the caller, or any member for an administrator.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`].
#[server(prefix = "/ui", endpoint = "team/remove")]
pub async fn remove_team_member(
    /// The team.
    id: String,
    /// The person's email address.
    user: String,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let user_id = domain::platform::id::UserId(parameters::id(&user)?);
    let is_me = caller.user().is_some_and(|me| me.id == user_id);
    let words = if is_me {
        "You left the team."
    } else {
        "They were removed from the team."
    };
    let done = service
        .identity()
        .teams()
        .remove_members(&caller, parameters::id(&id)?, &[user_id])
        .await;
    request::Form::on("remove", format!("{TEAMS}/{id}"))
        .saying(words)
        .ends(request::report(done))
}
