//! `/organization/members/{id}`: a member, for administrators: roles, live tokens, sessions, teams and recent activity.

use domain::{
    audit::event::ObjectType,
    identity::{role::Role, session::ListedSession},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::model::platform::address::address;
use crate::{
    error::UiError,
    model::{
        audit::query::AuditQuery,
        identity::member::{MemberDetail, MemberRow, ReadSecretRow},
        platform::{
            list::{Choices, ListPage},
            paths::{ACCESS_TOKENS, MEMBERS, ORGANIZATION, USER_TOKENS},
        },
        tokens::user_token::TokenRow,
    },
    pages::{
        audit::info::InfoDialog,
        identity::members::{
            actions::{AskedAction, EndSession, SetRoles},
            list::{MemberActions, MemberState, WORDS, YouBadge},
        },
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        audit::events::Events,
        dialog::request::Asked,
        form::field::{CheckGroup, CheckOption, PostForm},
        isolated::Isolated,
        list::listing::counted,
        page::{
            empty::Empty,
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
        session::{AskEnd, Sessions},
        time::DateTime,
        token_row::TokenTable,
    },
};

/// One member.
#[component]
pub fn MemberPage() -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Member" section=Section::Organization>
            <ForAdministrators words=WORDS>
                {loaded(find_member(id), move |member| view! { <Member member asked /> })}
            </ForAdministrators>
        </Frame>
    }
}

#[component]
fn Member(member: MemberDetail, asked: Option<Asked>) -> impl IntoView {
    let row = member.row.clone();
    let here = format!("{MEMBERS}/{}", row.id);
    let about = member.clone();
    let everything = AuditQuery::default()
        .with("person", row.id.clone())
        .address("/audit");
    view! {
        <PageHead title=row.name.clone() breadcrumbs=vec![step(ORGANIZATION, "Members")] clone:row clone:here>
            <YouBadge id=row.id.clone() />
            <MemberState state=row.state />
            <MemberActions row here />
        </PageHead>
        <p class="prose">
            {row.email.clone()} " · Joined " <DateTime at=row.created_at /> ", added by " {row.created_by.clone()}
            " · Last updated " <DateTime at=row.updated_at /> " by " {row.updated_by.clone()}
        </p>
        <MemberTokens tokens=member.tokens email=row.email.clone() />
        <ReadSecrets secrets=member.read_secrets />
        <div class="columns space-above">
            <div class="stack">
                <MemberSessions sessions=member.sessions page=here.clone() />
                <Teams teams=member.teams />
            </div>
            <Roles row=row.clone() />
        </div>
        <section aria-labelledby="history-heading" class="panel space-above">
            <h2 id="history-heading">"Activity in the last 30 days"</h2>
            {if member.history.is_empty() {
                view! { <Empty title="No activity">"Every change they make is listed here, with the token that made it."</Empty> }.into_any()
            } else {
                view! { <Events events=member.history with_object=true /> }.into_any()
            }}
            <p class="space-above"><a href=everything>"All activity of this member"</a>", in the audit log"</p>
        </section>
        <InfoDialog asked=asked.clone() kind=ObjectType::Member here=here.clone() />
        {asked.map(|asked| view! { <AskedAction asked member=about here /> })}
    }
}

#[component]
fn Roles(row: MemberRow) -> impl IntoView {
    let options = Role::ALL.map(|role| CheckOption {
        value: role.title().to_owned(),
        words: role.label().to_owned(),
        means: means(role).to_owned(),
    });
    let given = row
        .roles
        .iter()
        .map(|role| role.title().to_owned())
        .collect();
    view! {
        <section class="panel" id="roles" aria-labelledby="roles-heading">
            <h2 id="roles-heading">"Roles"</h2>
            <PostForm action=SetRoles::url() submit="Save roles" fields=vec![("id", row.id)]>
                <CheckGroup
                    form="roles"
                    name="roles"
                    legend="Permissions of the member"
                    options=options.to_vec()
                    given
                    hint="Roles add up. The tokens of the member are limited to the same permissions."
                />
            </PostForm>
        </section>
    }
}

/// What members with a role may do.
pub(crate) const fn means(role: Role) -> &'static str {
    match role {
        Role::Admin => "Everything: members, tokens, integrations, teams, permissions.",
        Role::Power => "Creates and changes dashboards, charts and detectors; joins teams.",
        Role::Usage => "Reads everything, and the usage reports.",
        Role::ReadOnly => "Reads everything, changes nothing.",
    }
}

#[component]
fn MemberTokens(tokens: ListPage<TokenRow>, email: String) -> impl IntoView {
    let ListPage { count, rows } = tokens;
    let are_more = i64::try_from(rows.len()).is_ok_and(|listed| listed < count);
    let all = address(USER_TOKENS, [("q", email.as_str())]);
    view! {
        <section class="panel" aria-labelledby="tokens-heading">
            <h2 id="tokens-heading">"Live tokens " <span class="quiet">{counted(count, "token", "tokens")}</span></h2>
            {if rows.is_empty() {
                view! { <Empty title="None">"This member has no live tokens."</Empty> }.into_any()
            } else {
                view! { <TokenTable rows page=USER_TOKENS of_all_members=true /> }.into_any()
            }}
            {are_more.then(|| view! { <p class="space-above"><a href=all>"All tokens of this member"</a></p> })}
        </section>
    }
}

/// The secrets of access tokens that the member has read. They stay valid when the member is disabled or removed.
#[component]
fn ReadSecrets(secrets: Vec<ReadSecretRow>) -> impl IntoView {
    let rows = secrets
        .iter()
        .map(|secret| {
            let page = format!("{ACCESS_TOKENS}/{}", secret.token_id);
            let name_id = format!("secret-of-{}", secret.token_id);
            view! {
                <tr>
                    <th scope="row" data-label="Access token" id=name_id.clone()><a href=page.clone()><Isolated text=secret.token_name.clone() /></a></th>
                    <td data-label="Last read"><DateTime at=secret.at /></td>
                    <td class="table-action">
                        <a class="button" href=format!("{page}?show=rotate") aria-describedby=name_id>"Rotate"</a>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="panel space-above" aria-labelledby="secrets-heading">
            <h2 id="secrets-heading">"Secrets read by this member"</h2>
            {if secrets.is_empty() {
                view! { <Empty title="None">"The audit log has no event in which this member read the secret of an access token that still works."</Empty> }.into_any()
            } else {
                view! {
                    <p class="hint">"These secrets still work when the member is disabled or removed. Rotate those that the member must not use."</p>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">"Access token"</th>
                                <th scope="col">"Last read"</th>
                                <th scope="col"><span class="visually-hidden">"Rotate"</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn MemberSessions(sessions: Vec<ListedSession>, page: String) -> impl IntoView {
    let end = use_query_map().with_untracked(|query| query.get("end"));
    let asked = end.and_then(|id| {
        let mut found = sessions.iter().map(|listed| &listed.session);
        found.find(|session| session.id.to_string() == id).cloned()
    });
    view! {
        <section class="panel" aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">"Signed-in browsers"</h2>
            <Sessions sessions page=page.clone() />
        </section>
        {asked.map(|session| view! { <AskEnd session page action=EndSession::url() /> })}
    }
}

#[component]
fn Teams(teams: Choices) -> impl IntoView {
    let items = teams
        .iter()
        .map(|(id, name)| view! { <li><a href=format!("/teams/{id}")>{name.clone()}</a></li> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="teams-heading">
            <h2 id="teams-heading">"Teams"</h2>
            {if teams.is_empty() {
                view! { <Empty title="None">"Not a member of any team."</Empty> }.into_any()
            } else {
                view! { <ul class="places">{items}</ul> }.into_any()
            }}
        </section>
    }
}

/// One member, with live tokens, open sessions, teams and recent activity.
///
/// # Errors
/// [`UiError::NotFound`] if the member does not exist, [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "member/find")]
pub async fn find_member(
    /// The member.
    id: String,
) -> Result<MemberDetail, UiError> {
    use crate::{pages::identity::members::server, request};
    let (service, caller) = request::signed_in()?;
    server::detail(&service, &caller, &id).await
}
