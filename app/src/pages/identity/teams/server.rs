//! Reads teams from the service for their pages.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    platform::{
        id::{Id, TeamId, UserId},
        page::{OffsetPage, Page},
        rejection::Rejected,
    },
};
use service::{ListQuery, MemberView, Service, ServiceError, TeamWithSize};

use crate::{
    error::UiError,
    model::{
        document::text,
        identity::team::{LinkedObject, TeamDetail, TeamMember, TeamRow},
        platform::list::{Choices, ListPage},
    },
    request::{parameters, report},
};

/// A page of teams.
pub(crate) fn list(found: Page<TeamWithSize>) -> ListPage<TeamRow> {
    ListPage {
        count: found.count,
        rows: found.results.iter().map(row).collect(),
    }
}

/// A team with a page of its members, and the linked objects that the caller may read.
pub(crate) async fn detail(
    service: &Service,
    caller: &Caller,
    id: Id,
    page: OffsetPage,
) -> Result<TeamDetail, UiError> {
    let teams = service.identity().teams();
    let found = report(teams.find_with_size(caller, id).await)?;
    let members = report(teams.page_members(caller, id, page).await)?;
    let me = caller.user().filter(|_| found.size.has_user);
    Ok(TeamDetail {
        row: row(&found),
        me: me.map(|me| me.id.to_string()),
        members: ListPage {
            count: members.count,
            rows: people(service, caller, &members.results).await?,
        },
        linked: linked(service, caller, id).await?,
        others: others(service, caller, id).await?,
    })
}

/// Members of a team by name.
async fn people(
    service: &Service,
    caller: &Caller,
    ids: &[UserId],
) -> Result<Vec<TeamMember>, UiError> {
    let people = report(service.identity().members().find_all(caller, ids).await)?;
    let by_id: HashMap<UserId, &MemberView> =
        people.iter().map(|person| (person.id, person)).collect();
    let me = caller.user().map(|user| user.id);
    let members = ids.iter().map(|id| TeamMember {
        id: id.to_string(),
        name: by_id.get(id).map_or_else(
            || "A former member".to_owned(),
            |person| person.full_name.clone(),
        ),
        email: by_id
            .get(id)
            .map(|person| person.email.clone())
            .unwrap_or_default(),
        is_me: Some(*id) == me,
    });
    Ok(members.collect())
}

/// The first dashboard groups and detectors that name a team, of those that the caller may read.
async fn linked(
    service: &Service,
    caller: &Caller,
    id: Id,
) -> Result<ListPage<LinkedObject>, UiError> {
    let query = ListQuery {
        team_id: Some(id),
        order_by: "created".to_owned(),
        ..ListQuery::default()
    };
    let (objects, page) = (service.objects(), parameters::page(1));
    let groups = report(objects.list_dashboard_groups(caller, &query, page).await)?;
    let detectors = report(objects.list_detectors(caller, &query, page).await)?;
    let count = groups.count + detectors.count;
    let found = groups.results.into_iter().chain(detectors.results);
    let rows = found.map(|object| LinkedObject {
        kind: object.kind,
        id: object.id.to_string(),
        name: object.name,
    });
    Ok(ListPage {
        count,
        rows: rows.collect(),
    })
}

/// Suggestions for the form that adds a member, which only administrators get.
async fn others(service: &Service, caller: &Caller, id: Id) -> Result<Choices, UiError> {
    if !caller.is_administrator() {
        return Ok(Vec::new());
    }
    let members = service.identity().members();
    let others = report(members.suggest(caller, Some(TeamId(id))).await)?.into_iter();
    Ok(others
        .map(|person| (person.email, person.full_name))
        .collect())
}

fn row(found: &TeamWithSize) -> TeamRow {
    let (team, size) = (&found.team, found.size);
    TeamRow {
        id: team.id.to_string(),
        name: team.name.clone(),
        description: text(&team.document, "description").to_owned(),
        members: size.members,
        links: size.links,
        is_mine: size.has_user,
        created_at: team.created.at,
        created_by: team.created.by.actor_name.clone(),
        updated_at: team.updated.at,
        updated_by: team.updated.by.actor_name.clone(),
    }
}

/// The member with this email address; an unknown address is rejected at its field.
pub(crate) async fn person(service: &Service, email: &str) -> Result<UserId, UiError> {
    let found = service
        .identity()
        .members()
        .find_by_email(email.trim())
        .await;
    let found = found.map_err(|error| {
        if matches!(error, ServiceError::NotFound(_)) {
            Rejected::field("email", format!("No member has the email address {email}.")).into()
        } else {
            error
        }
    });
    report(found).map(|member| member.id)
}
