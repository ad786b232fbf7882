//! Who may read and write an object, by name.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    objects::permissions::{AclEntry, ItemKind, Principal, Protection, Right},
    platform::{
        id::{Id, UserId},
        page::OffsetPage,
    },
};
use service::Service;

use crate::request::if_visible;
use crate::{
    error::UiError,
    model::{
        objects::permissions::{Allowed, PermissionsView},
        platform::list::Choices,
    },
    pages::objects::permissions::principals::users,
    request::{parameters, report},
};

/// Teams that are offered to be named: as many as a list of choices is read through.
const CHOICES: i64 = 200;

/// People who are offered; others are named by their address too.
const CHOSEN_PEOPLE: usize = 500;

/// The permissions of a dashboard, a dashboard group or a detector.
pub(crate) async fn of(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: Id,
) -> Result<PermissionsView, UiError> {
    let standing = report(service.objects().find_with_access(caller, kind, id).await)?;
    let group = match (&standing.object.protection, standing.object.parent_id) {
        (Protection::Inherit, Some(group_id)) => {
            let group = service
                .objects()
                .find_dashboard_group(caller, group_id)
                .await;
            Some((group_id.to_string(), report(group)?.name))
        }
        (
            Protection::Inherit
            | Protection::Open
            | Protection::Writers(_)
            | Protection::Entries(_),
            _,
        ) => None,
    };
    let names = Names::find(service, caller, &standing.protection).await?;
    Ok(PermissionsView {
        readers: names.of(readers(&standing.protection)),
        writers: names.of(writers(&standing.protection)),
        inherited_from: group,
        may_change: standing.rights.permit,
        name: standing.object.name,
    })
}

/// Those who may read by these entries, by name.
pub(crate) async fn readers_of(
    service: &Service,
    caller: &Caller,
    entries: Vec<AclEntry>,
) -> Result<Allowed, UiError> {
    let protection = Protection::Entries(entries);
    let names = Names::find(service, caller, &protection).await?;
    Ok(names.of(readers(&protection)))
}

/// Who may read; `None` is everybody.
fn readers(protection: &Protection) -> Option<Vec<Principal>> {
    match protection {
        Protection::Open | Protection::Inherit | Protection::Writers(_) => None,
        Protection::Entries(_) => listed(protection, &[Right::Read, Right::Write]),
    }
}

/// Who may write; `None` is everybody whose role lets them.
fn writers(protection: &Protection) -> Option<Vec<Principal>> {
    match protection {
        Protection::Open | Protection::Inherit => None,
        Protection::Writers(writers) => Some(writers.principals().collect()),
        Protection::Entries(_) => listed(protection, &[Right::Write]),
    }
}

/// Who is listed with one of these rights; `None` when the organization is.
fn listed(protection: &Protection, rights: &[Right]) -> Option<Vec<Principal>> {
    let Protection::Entries(entries) = protection else {
        return None;
    };
    let with_right = entries
        .iter()
        .filter(|entry| entry.rights.iter().any(|right| rights.contains(right)));
    let mut found = Vec::new();
    for entry in with_right {
        if let Principal::Organization(_) = entry.principal {
            return None;
        }
        found.push(entry.principal);
    }
    Some(found)
}

/// The names of people and teams.
pub(crate) struct Names {
    users: HashMap<UserId, String>,
    teams: HashMap<Id, String>,
}

impl Names {
    async fn find(
        service: &Service,
        caller: &Caller,
        protection: &Protection,
    ) -> Result<Self, UiError> {
        Self::find_all(service, caller, &protection.named()).await
    }

    /// The names of these.
    pub(crate) async fn find_all(
        service: &Service,
        caller: &Caller,
        named: &[Principal],
    ) -> Result<Self, UiError> {
        let mut names = Self {
            users: HashMap::new(),
            teams: HashMap::new(),
        };
        let ids = users(named.iter().copied());
        let members = report(service.identity().members().find_all(caller, &ids).await)?;
        for member in members {
            let name = format!("{} ({})", member.full_name, member.email);
            names.users.insert(member.id, name);
        }
        for principal in named {
            if let Principal::Team(team_id) = principal
                && let Some(team) =
                    if_visible(service.identity().teams().find(caller, team_id.0).await)?
            {
                names
                    .teams
                    .insert(team_id.0, format!("Team {}", team.team.name));
            }
        }
        Ok(names)
    }

    /// Whom one can name: mail addresses of people with their names, and names of teams.
    pub(crate) async fn choices(service: &Service, caller: &Caller) -> Result<Choices, UiError> {
        let people = report(service.identity().members().list(caller).await)?;
        let people = people
            .into_iter()
            .map(|person| (person.email, person.full_name));
        let by_name = parameters::by_name(String::new(), "name".to_owned());
        let first = OffsetPage {
            limit: CHOICES,
            offset: 0,
        };
        let teams = service
            .identity()
            .teams()
            .list(caller, &by_name, first)
            .await;
        let teams = report(teams)?.results.into_iter();
        let teams = teams.map(|team| (team.team.name, "Team".to_owned()));
        Ok(teams.chain(people.take(CHOSEN_PEOPLE)).collect())
    }

    /// The name of one of them.
    pub(crate) fn name(&self, principal: Principal) -> String {
        match principal {
            Principal::User(id) => self
                .users
                .get(&id)
                .cloned()
                .unwrap_or_else(|| format!("Somebody who left ({id})")),
            Principal::Team(id) => self
                .teams
                .get(&id.0)
                .cloned()
                .unwrap_or_else(|| format!("A team that is gone ({id})")),
            Principal::Organization(_) => "Everybody in the organization".to_owned(),
        }
    }

    fn of(&self, listed: Option<Vec<Principal>>) -> Allowed {
        listed.map_or(Allowed::Everybody, |listed| {
            let names = listed.into_iter().map(|principal| self.name(principal));
            Allowed::These(names.collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::platform::id::OrganizationId;

    use super::*;

    fn entry(principal: Principal, rights: &[Right]) -> AclEntry {
        AclEntry {
            principal,
            rights: rights.to_vec(),
        }
    }

    #[test]
    fn whoever_may_write_may_read_and_the_organization_is_everybody() {
        let ada = Principal::User(UserId(Id::from_bits(1)));
        let bob = Principal::User(UserId(Id::from_bits(2)));
        let everybody = Principal::Organization(OrganizationId(Id::from_bits(3)));
        let some = Protection::Entries(vec![
            entry(ada, &[Right::Write]),
            entry(bob, &[Right::Read]),
        ]);
        assert_eq!(readers(&some), Some(vec![ada, bob]));
        assert_eq!(writers(&some), Some(vec![ada]));
        let all = Protection::Entries(vec![
            entry(everybody, &[Right::Read]),
            entry(ada, &[Right::Write]),
        ]);
        assert_eq!(readers(&all), None);
        assert_eq!(writers(&all), Some(vec![ada]));
        assert_eq!(
            (readers(&Protection::Open), writers(&Protection::Open)),
            (None, None)
        );
    }
}
