//! Reads teams from the service for their pages.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    platform::{id::UserId, page::Page, rejection::Rejected},
};
use service::{MemberView, Service, ServiceError, TeamView};

use crate::request::if_visible;
use crate::{
    error::UiError,
    model::{
        document::text,
        identity::team::{LinkedObject, TeamDetail, TeamMember, TeamRow},
        platform::list::ListPage,
    },
    request::report,
};

/// A page of teams.
pub(crate) fn list(caller: &Caller, found: Page<TeamView>) -> ListPage<TeamRow> {
    ListPage {
        count: found.count,
        rows: found.results.iter().map(|team| row(caller, team)).collect(),
    }
}

/// A team with its members and the linked objects that the caller may read.
pub(crate) async fn detail(
    service: &Service,
    caller: &Caller,
    found: TeamView,
) -> Result<TeamDetail, UiError> {
    let all_members = service.identity().members();
    let people = report(all_members.find_all(caller, &found.members).await)?;
    let mut linked = Vec::new();
    for id in &found.dashboard_groups {
        let found = service.objects().find_dashboard_group(caller, *id).await;
        if let Some(group) = if_visible(found)? {
            linked.push(LinkedObject {
                kind: group.kind,
                id: group.id.to_string(),
                name: group.name,
            });
        }
    }
    for id in &found.detectors {
        let found = service.objects().find_detector(caller, *id).await;
        if let Some(detector) = if_visible(found)? {
            linked.push(LinkedObject {
                kind: detector.kind,
                id: detector.id.to_string(),
                name: detector.name,
            });
        }
    }
    let by_id: HashMap<UserId, &MemberView> =
        people.iter().map(|person| (person.id, person)).collect();
    let me = caller.user().map(|user| user.id);
    let members = found
        .members
        .iter()
        .map(|id| TeamMember {
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
        })
        .collect();
    // Only administrators get the form that adds a member.
    let others = if caller.is_administrator() {
        let others = report(all_members.list(caller).await)?.into_iter();
        others
            .filter(|person| !found.members.contains(&person.id))
            .map(|person| (person.email, person.full_name))
            .collect()
    } else {
        Vec::new()
    };
    Ok(TeamDetail {
        row: row(caller, &found),
        members,
        linked,
        others,
    })
}

fn row(caller: &Caller, found: &TeamView) -> TeamRow {
    let me = caller.user().map(|user| user.id);
    let team = &found.team;
    TeamRow {
        id: team.id.to_string(),
        name: team.name.clone(),
        description: text(&team.document, "description").to_owned(),
        members: i64::try_from(found.members.len()).unwrap_or(i64::MAX),
        links: i64::try_from(found.dashboard_groups.len() + found.detectors.len())
            .unwrap_or(i64::MAX),
        is_mine: me.is_some_and(|me| found.members.contains(&me)),
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
