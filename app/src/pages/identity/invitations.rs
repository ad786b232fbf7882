//! `/organization/invitations`: pending invitations, and the form that creates one. Its link is shown once.

use domain::identity::role::Role;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    model::{
        identity::invitation::InvitationRow,
        platform::{
            list::ListPage,
            paths::{INVITATIONS, ORGANIZATION},
        },
    },
    pages::{
        identity::members::{detail::means, list::OrganizationHead},
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        dialog::ask::Ask,
        form::{
            field::{CheckGroup, CheckOption, Field, PostForm},
            hidden::hidden_fields,
        },
        isolated::Isolated,
        list::{
            listing::{Column, Listing, Noun, Table},
            place::ListPlace,
        },
        page::{
            empty::Empty,
            failure::Failure,
            head::{PageHead, step},
            load::loaded,
            navigation::Section,
        },
        secret::copy::CopyText,
        time::{Ago, DateTime, Day},
    },
};

const FORM: &str = "invite";
const NOUN: Noun = ("pending invitation", "pending invitations");

const COLUMNS: &[Column] = &[
    Column::plain("Email"),
    Column::plain("Name"),
    Column::plain("Roles"),
    Column::plain("Invited"),
    Column::plain("By"),
    Column::plain("Link works until"),
    Column::ACTIONS,
];
const WORDS: &str = "Only administrators can invite members.";

/// The pending invitations.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    let place = ListPlace::read(INVITATIONS, &[], "");
    let asked = use_query_map().with_untracked(|query| query.get("withdraw"));
    let found = list_invitations(place.search.clone(), place.page);
    view! {
        <Frame title="Invitations" section=Section::Organization>
            <OrganizationHead at=INVITATIONS />
            <ForAdministrators words=WORDS>
                {loaded(found, move |list| view! { <InvitationListing list place asked /> })}
            </ForAdministrators>
        </Frame>
    }
}

#[component]
fn InvitationListing(
    list: ListPage<InvitationRow>,
    place: ListPlace,
    asked: Option<String>,
) -> impl IntoView {
    let asked = list
        .rows
        .iter()
        .find(|row| Some(&row.id) == asked.as_ref())
        .cloned();
    let empty = view! {
        <Empty title="No pending invitations">
            <a href="/organization/invitations/new">"Invite member"</a>
        </Empty>
    };
    let here = place.here();
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <InvitationTableRow row place=place.clone() /> })
        .collect_view();
    view! {
        <Listing place=place.clone() noun=NOUN count=list.count empty=empty.into_any()>
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        {asked.map(|row| view! {
            <Ask
                heading=format!("Withdraw the invitation of {}?", row.email)
                here
                return_to=format!("withdraw-{}", row.id)
                action=WithdrawInvitation::url()
                fields=vec![("id", row.id)]
                button="Withdraw"
                cancel="Keep it"
            >
                <p>"The link stops working. You can invite the person again."</p>
            </Ask>
        })}
    }
}

#[component]
fn InvitationTableRow(row: InvitationRow, place: ListPlace) -> impl IntoView {
    let email_id = format!("invitation-{}", row.id);
    view! {
        <tr>
            <th scope="row" data-label="Email" id=email_id.clone()>{row.email}</th>
            <td data-label="Name"><Isolated text=row.name /></td>
            <td data-label="Roles">{row.roles}</td>
            <td data-label="Invited"><DateTime at=row.created_at /></td>
            <td data-label="By">{row.created_by}</td>
            <td data-label="Link works until"><Day at=row.expires_at /> " " <Ago at=row.expires_at /></td>
            <td class="table-action">
                <form method="get" action=INVITATIONS>
                    {hidden_fields(place.fields())}
                    <input type="hidden" name="withdraw" value=row.id.clone() />
                    <button type="submit" class="button" id=format!("withdraw-{}", row.id) aria-describedby=email_id>"Withdraw"</button>
                </form>
            </td>
        </tr>
    }
}

/// The form that invites a person.
#[component]
pub fn NewInvitationPage() -> impl IntoView {
    let options = Role::ALL.map(|role| CheckOption {
        value: role.title().to_owned(),
        words: role.label().to_owned(),
        means: means(role).to_owned(),
    });
    let days = domain::platform::limits::INVITATION_LIFETIME_DAYS;
    view! {
        <Frame title="Invite member" section=Section::Organization>
            <PageHead title="Invite member" breadcrumbs=vec![step(ORGANIZATION, "Members"), step(INVITATIONS, "Invitations")] />
            <ForAdministrators words=WORDS>
                <p class="prose">
                    "You get a link that can be used once within " {days} " days. If mail is configured, it is also sent to them. They choose their "
                    "password there."
                </p>
                <PostForm action=Invite::url() submit="Create invitation" cancel=INVITATIONS>
                    <Field form=FORM name="email" label="Email" kind="email" focused=true />
                    <Field form=FORM name="fullName" label="Name (optional)" may_be_empty=true max_length=domain::platform::limits::NAME_CHARACTERS />
                    <CheckGroup form=FORM name="roles" legend="Roles" options=options.to_vec() given=vec![Role::Power.title().to_owned()] />
                </PostForm>
            </ForAdministrators>
        </Frame>
    }
}

/// The link of a new invitation, shown once.
#[component]
pub fn InvitationLinkPage() -> impl IntoView {
    view! {
        <Frame title="Invitation link" section=Section::Organization>
            <PageHead title="Invitation link" breadcrumbs=vec![step(ORGANIZATION, "Members"), step(INVITATIONS, "Invitations")] />
            {Suspend::new(async move {
                match take_invitation_link().await {
                    Ok(Some(link)) => view! { <Link link /> }.into_any(),
                    Ok(None) => view! {
                        <Empty title="This link cannot be seen again">
                            <p>"A link is shown once, right after it is created. If it is lost, invite the person again: a new link replaces it."</p>
                            <p><a href=INVITATIONS>"Back to the invitations"</a></p>
                        </Empty>
                    }
                    .into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Link(link: String) -> impl IntoView {
    view! {
        <section class="panel new-secret">
            <p>"Send this link only to the person you invited: the first person who opens it becomes the member. This page shows it once."</p>
            <CopyText text=link label="Invitation link".to_owned() />
            <p><a href=INVITATIONS>"Back to the invitations"</a></p>
        </section>
    }
}

/// A page of the pending invitations whose address or name contains the search text, newest first.
///
/// # Errors
/// [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "invitation/list")]
pub async fn list_invitations(
    /// Search text.
    search: String,
    /// Page number; the first is 1.
    page: i64,
) -> Result<ListPage<InvitationRow>, UiError> {
    use crate::{
        pages::identity::members::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let found = service
        .identity()
        .invitations()
        .page(&caller, &search, parameters::page(page))
        .await;
    let found = request::report(found)?.map(server::invitation);
    Ok(ListPage {
        count: found.count,
        rows: found.results,
    })
}

/// Invites a person. The next page shows the link once.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Limited`] after too many, [`UiError::Denied`] unless the user is
/// an administrator.
#[server(prefix = "/ui", endpoint = "invitation/create")]
pub async fn invite(
    /// The person's email address.
    email: String,
    /// Full name; may be empty.
    #[server(rename = "fullName")]
    name: String,
    /// Titles of the roles.
    #[server(default)]
    roles: Vec<String>,
) -> Result<(), UiError> {
    use crate::{pages::identity::members::server, request};
    let (service, caller) = request::signed_in()?;
    let invited = server::invite(&service, &caller, (&email, &name), &roles).await;
    let words = invited.as_ref().map_or("", |(_, words)| words);
    let form = request::Form::on(FORM, format!("{INVITATIONS}/new"))
        .then(format!("{INVITATIONS}/link"))
        .saying(format!("{} {words}", email.trim()))
        .keeping("email", &email)
        .keeping("fullName", &name)
        .keeping_all("roles", &roles);
    form.ends(invited.map(|(encrypted, _)| request::hand_over_reveal(&encrypted)))
}

/// The link of the invitation that the previous form created, once.
///
/// # Errors
/// [`UiError::SignedOut`] when the caller is not signed in.
#[server(prefix = "/ui", endpoint = "invitation/link")]
pub async fn take_invitation_link() -> Result<Option<String>, UiError> {
    use crate::request;
    let (service, caller) = request::signed_in()?;
    let encrypted = request::take_reveal();
    Ok(encrypted.and_then(|encrypted| service.tokens().decrypt_for_next_page(&caller, &encrypted)))
}

/// Withdraws an invitation.
///
/// # Errors
/// [`UiError::NotFound`] when it was accepted in the meantime, [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "invitation/withdraw")]
pub async fn withdraw_invitation(
    /// The invitation.
    id: String,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let done = service
        .identity()
        .invitations()
        .withdraw(&caller, parameters::id(&id)?)
        .await;
    request::Form::on("withdraw", INVITATIONS)
        .saying("The invitation is withdrawn.")
        .ends(request::report(done))
}
