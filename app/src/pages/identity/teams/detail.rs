//! `/teams/{id}`: a team, its members, and the objects linked to it.

use domain::audit::event::ObjectType;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        identity::team::{TeamDetail, TeamMember, TeamRow},
        platform::{
            list::{Choices, ListPage},
            paths::TEAMS,
            viewer::{Viewer, administrates},
        },
    },
    pages::{
        audit::info::InfoDialog,
        identity::teams::{
            links::TeamLinks,
            list::{AskDelete, TeamActions, to_delete},
        },
        platform::frame::Frame,
    },
    ui::{
        dialog::{ask::Ask, request::Asked},
        form::{field::Field, hidden::hidden_fields, token::FormToken},
        isolated::Isolated,
        list::{
            listing::{Pages, counted},
            place::ListPlace,
        },
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
    let place = ListPlace::read(format!("{TEAMS}/{id}"), &[], "");
    let found = find_team(id, place.page);
    view! {
        <Frame title="Team" section=Section::Teams>
            {loaded(found, move |team| view! { <Team team place asked removed /> })}
        </Frame>
    }
}

#[component]
fn Team(
    team: TeamDetail,
    place: ListPlace,
    asked: Option<Asked>,
    removed: Option<String>,
) -> impl IntoView {
    let leaving = leaving(&team, removed);
    let TeamDetail {
        row,
        me,
        members,
        linked,
        others,
    } = team;
    let here = place.here();
    let to_delete = to_delete(asked.as_ref(), std::slice::from_ref(&row));
    view! {
        <PageHead title=row.name.clone() breadcrumbs=vec![step(TEAMS, "Teams")] clone:row clone:me clone:here>
            <MembershipButton row=row.clone() me />
            <TeamActions id=row.id.clone() name=row.name.clone() here />
        </PageHead>
        {(!row.description.is_empty()).then(|| view! { <p class="prose">{row.description.clone()}</p> })}
        <p class="prose">
            "Created " <DateTime at=row.created_at /> " by " {row.created_by.clone()} " · Last updated " <DateTime at=row.updated_at />
            " by " {row.updated_by.clone()}
        </p>
        <div class="columns">
            <Members team_id=row.id.clone() members place others />
            <TeamLinks linked />
        </div>
        <InfoDialog asked kind=ObjectType::Team here=here.clone() />
        {to_delete.map(|row| view! { <AskDelete row here=here.clone() /> })}
        {leaving.map(|member| view! { <AskRemove team=row member here /> })}
    }
}

/// The member that the URL asks to remove: the viewer, or a member on this page for administrators.
fn leaving(team: &TeamDetail, removed: Option<String>) -> Option<TeamMember> {
    let removed = removed?;
    if team.me.as_ref() == Some(&removed) {
        return Some(TeamMember {
            id: removed,
            name: String::new(),
            email: String::new(),
            is_me: true,
        });
    }
    let mut members = team.members.rows.iter().filter(|_| administrates());
    members.find(|member| member.id == removed).cloned()
}

/// The button to join or leave the team. `me` is the viewer's id, if they are a member.
#[component]
fn MembershipButton(row: TeamRow, me: Option<String>) -> impl IntoView {
    let is_writer = use_context::<Viewer>().is_some_and(|viewer| viewer.is_writer);
    if let Some(me) = me {
        return view! {
            <form method="get" action=format!("{TEAMS}/{}", row.id)>
                <input type="hidden" name="remove" value=me />
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
fn Members(
    team_id: String,
    members: ListPage<TeamMember>,
    place: ListPlace,
    others: Choices,
) -> impl IntoView {
    let count = members.count;
    let administrates = administrates();
    let rows = members
        .rows
        .into_iter()
        .map(|member| view! { <MemberOfTeam team_id=team_id.clone() member place=place.clone() removable=administrates /> })
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
                    <Pages place count />
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
fn MemberOfTeam(
    team_id: String,
    member: TeamMember,
    place: ListPlace,
    removable: bool,
) -> impl IntoView {
    let name_id = format!("member-{}", member.id);
    view! {
        <tr>
            <th scope="row" data-label="Name" id=name_id.clone()>
                <Isolated text=member.name />
                {member.is_me.then(|| view! { " " <span class="state">"You"</span> })}
            </th>
            <td data-label="Email">{member.email}</td>
            <td class="table-action">
                {removable.then(|| view! {
                    <form method="get" action=format!("{TEAMS}/{team_id}")>
                        {hidden_fields(place.fields())}
                        <input type="hidden" name="remove" value=member.id.clone() />
                        <button type="submit" class="button" id=format!("remove-{}", member.id) aria-describedby=name_id>"Remove"</button>
                    </form>
                })}
            </td>
        </tr>
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

/// One team with a page of its members.
///
/// # Errors
/// [`UiError::NotFound`].
#[server(prefix = "/ui", endpoint = "team/find")]
pub async fn find_team(
    /// The team.
    id: String,
    /// Page number; the first is 1.
    page: i64,
) -> Result<TeamDetail, UiError> {
    use crate::{
        pages::identity::teams::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let page = parameters::page(page);
    server::detail(&service, &caller, parameters::id(&id)?, page).await
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
