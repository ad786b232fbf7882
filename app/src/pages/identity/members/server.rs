//! Reads members and invitations from the service for their pages.

use domain::{
    identity::{
        actor::Caller,
        member::InvitationDraft,
        role::{Role, RoleSet},
    },
    platform::id::{Id, UserId},
};
use leptos::serde_json::json;
use service::{MailOutcome, MemberFilter, MemberOrder, MemberView, PendingInvitation, Service};

use crate::{
    error::UiError,
    model::{
        document::from_texts,
        identity::{
            invitation::InvitationRow,
            member::{MemberDetail, MemberRow, ReadSecretRow},
        },
        platform::list::ListPage,
        tokens::user_token::TokenRow,
    },
    pages::identity::invitation::invitation_page,
    request::{
        current,
        parameters::{self, sorted_by},
        report,
    },
};

/// Parses a member's id.
pub(crate) fn id(text: &str) -> Result<UserId, UiError> {
    parameters::id(text).map(UserId)
}

/// A page of the members that match a query.
pub(crate) async fn list(
    service: &Service,
    caller: &Caller,
    search: &str,
    (role, state): (&str, &str),
    sort: &str,
    page: i64,
) -> Result<ListPage<MemberRow>, UiError> {
    let (field, descending) = sorted_by(sort);
    let filter = MemberFilter {
        search: search.to_owned(),
        role: role.to_owned(),
        disabled: match state {
            "active" => Some(false),
            "disabled" => Some(true),
            _ => None,
        },
        order: match field {
            "email" => MemberOrder::Email,
            "state" => MemberOrder::State,
            "created" => MemberOrder::Created,
            "lastUpdated" => MemberOrder::Updated,
            _ => MemberOrder::Name,
        },
        descending,
    };
    let found = service
        .identity()
        .members()
        .page(caller, &filter, parameters::page(page))
        .await;
    let found = report(found)?;
    Ok(ListPage {
        count: found.count,
        rows: rows(service, caller, found.results).await?,
    })
}

/// Members with the names of their creators and last updaters.
async fn rows(
    service: &Service,
    caller: &Caller,
    members: Vec<MemberView>,
) -> Result<Vec<MemberRow>, UiError> {
    let ids = members
        .iter()
        .flat_map(|member| [member.created_by, member.updated_by]);
    let names = report(service.identity().members().names(caller, ids).await)?;
    let name = |id: Id| match names.get(&id) {
        Some(name) => name.clone(),
        None if id == Id::SYSTEM => "the server".to_owned(),
        None => "a former member".to_owned(),
    };
    Ok(members
        .into_iter()
        .map(|member| MemberRow {
            id: member.id.to_string(),
            name: member.full_name,
            email: member.email,
            roles: member.roles.iter().collect(),
            state: member.state,
            created_at: member.created_at,
            created_by: name(member.created_by),
            updated_at: member.updated_at,
            updated_by: name(member.updated_by),
        })
        .collect())
}

/// A member with live tokens, open sessions, teams and recent activity.
pub(crate) async fn detail(
    service: &Service,
    caller: &Caller,
    id: &str,
) -> Result<MemberDetail, UiError> {
    let member_id = self::id(id)?;
    let belongings = report(
        service
            .identity()
            .members()
            .find_belongings(caller, member_id)
            .await,
    )?;
    let found = report(service.identity().members().find(caller, member_id).await)?;
    let row = rows(service, caller, vec![found.member]).await?.pop();
    let history = report(
        service
            .identity()
            .members()
            .history(caller, member_id)
            .await,
    )?;
    let read_secrets = report(
        service
            .tokens()
            .org()
            .list_read_secrets(caller, member_id)
            .await,
    )?;
    let read_secrets = read_secrets.into_iter().map(|secret| ReadSecretRow {
        token_id: secret.token.id.to_string(),
        token_name: secret.token.name,
        at: secret.at,
    });
    let teams = belongings.teams.into_iter();
    Ok(MemberDetail {
        row: row.ok_or(UiError::Internal)?,
        sessions: belongings.sessions,
        tokens: ListPage {
            count: belongings.token_count,
            rows: belongings.tokens.into_iter().map(TokenRow::from).collect(),
        },
        read_secrets: read_secrets.collect(),
        teams: teams.map(|team| (team.id.to_string(), team.name)).collect(),
        history: history.into_iter().map(|recorded| recorded.event).collect(),
    })
}

/// Replaces the roles of a member.
pub(crate) async fn set_roles(
    service: &Service,
    caller: &Caller,
    id: &str,
    titles: &[String],
) -> Result<(), UiError> {
    let roles: Vec<_> = titles
        .iter()
        .filter_map(|title| Role::from_title(title))
        .collect();
    if roles.is_empty() {
        return Err(no_role());
    }
    report(
        service
            .identity()
            .members()
            .set_roles(caller, self::id(id)?, RoleSet::of(&roles))
            .await,
    )
}

/// Invites a member and mails the link where mail is configured. Returns the link, encrypted for the page that shows
/// it, and a notice.
pub(crate) async fn invite(
    service: &Service,
    caller: &Caller,
    (email, name): (&str, &str),
    titles: &[String],
) -> Result<(String, &'static str), UiError> {
    if titles.is_empty() {
        return Err(no_role());
    }
    let mut given = from_texts(&[("email", email), ("fullName", name)]);
    given.insert("roles".to_owned(), json!(titles));
    let draft = report(InvitationDraft::read(&given).map_err(Into::into))?;
    let invited = report(
        service
            .identity()
            .invitations()
            .invite(caller, &draft)
            .await,
    )?;
    let page = invitation_page(invited.claim.reveal());
    let link = format!("{}{page}", current()?.public_url);
    let encrypted = service.tokens().encrypt_for_next_page(caller, &link);
    let mailed = service
        .identity()
        .invitations()
        .mail(caller, vec![(invited, link)])
        .await;
    let words = match mailed.first() {
        Some(MailOutcome::Sent) => "is invited, and the link was mailed to them.",
        Some(MailOutcome::Failed) => {
            "is invited, but the mail could not be sent. Give them the link yourself."
        }
        Some(MailOutcome::NotConfigured) | None => "is invited. Give them the link yourself.",
    };
    Ok((encrypted, words))
}

fn no_role() -> UiError {
    UiError::rejected("roles", "Choose at least one.")
}

/// An invitation as a row of the list.
pub(crate) fn invitation(pending: PendingInvitation) -> InvitationRow {
    let roles: Vec<_> = pending.roles.iter().map(Role::label).collect();
    InvitationRow {
        id: pending.id.to_string(),
        email: pending.email,
        name: pending.full_name.unwrap_or_default(),
        roles: roles.join(", "),
        created_at: pending.created_at,
        created_by: pending.created_by,
        expires_at: pending.expires_at,
    }
}
