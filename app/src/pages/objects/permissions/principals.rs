//! Users and teams by the text of a form field.

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
pub(crate) async fn find_principal(
    service: &Service,
    caller: &Caller,
    text: &str,
) -> Result<Option<Principal>, UiError> {
    if Email::parse(text).is_ok()
        && let Some(member) = if_visible(service.identity().members().find_by_email(text).await)?
    {
        return Ok(Some(Principal::User(member.id)));
    }
    let found = service.identity().teams().find_by_name(caller, text).await;
    Ok(if_visible(found)?.map(|team| Principal::Team(TeamId(team.id))))
}

/// The ids of the users among principals.
pub(crate) fn users(principals: impl IntoIterator<Item = Principal>) -> Vec<UserId> {
    let users = principals
        .into_iter()
        .filter_map(|principal| match principal {
            Principal::User(id) => Some(id),
            Principal::Team(_) | Principal::Organization(_) => None,
        });
    users.collect()
}
