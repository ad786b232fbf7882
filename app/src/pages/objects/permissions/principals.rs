//! People and teams by the text that names them in a form.

use domain::{
    identity::actor::Caller,
    objects::permissions::Principal,
    platform::{id::TeamId, name::Email, page::OffsetPage},
};
use service::{ListQuery, Service};

use crate::request::if_visible;
use crate::{error::UiError, request::report};

/// The member with this email address, or else the team with this name.
///
/// A team's name may contain `@`, so text that is not an email address is not an error here.
pub(crate) async fn named(
    service: &Service,
    caller: &Caller,
    line: &str,
) -> Result<Option<Principal>, UiError> {
    if Email::parse(line).is_ok()
        && let Some(member) = if_visible(service.identity().members().find_by_email(line).await)?
    {
        return Ok(Some(Principal::User(member.id)));
    }
    let query = ListQuery {
        name: line.to_owned(),
        ..ListQuery::default()
    };
    let all = OffsetPage {
        limit: domain::platform::limits::PAGE_OBJECTS,
        offset: 0,
    };
    let teams = report(service.identity().teams().list(caller, &query, all).await)?;
    let team = teams
        .results
        .into_iter()
        .find(|team| team.team.name.to_lowercase() == line.to_lowercase());
    Ok(team.map(|team| Principal::Team(TeamId(team.team.id))))
}
