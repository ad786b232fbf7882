//! People and teams by the text that names them in a form.

use domain::{
    identity::actor::Caller,
    objects::permissions::Principal,
    platform::{
        id::{TeamId, UserId},
        name::Email,
    },
};
use service::Service;

use crate::{error::UiError, request::if_visible};

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
    let found = service.identity().teams().find_by_name(caller, line).await;
    Ok(if_visible(found)?.map(|team| Principal::Team(TeamId(team.id))))
}

/// The users among these.
pub(crate) fn users(principals: impl IntoIterator<Item = Principal>) -> Vec<UserId> {
    let users = principals
        .into_iter()
        .filter_map(|principal| match principal {
            Principal::User(id) => Some(id),
            Principal::Team(_) | Principal::Organization(_) => None,
        });
    users.collect()
}
