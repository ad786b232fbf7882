//! The names of users and teams in permissions.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    objects::permissions::Principal,
    platform::id::{Id, UserId},
};
use service::Service;

use crate::{
    error::UiError,
    model::platform::list::Choices,
    pages::objects::permissions::principals::users,
    request::{if_visible, report},
};

/// Suggested teams. Other teams can be entered by name.
const SUGGESTED_TEAMS: i64 = 200;

/// Names by id.
pub(super) struct Names {
    users: HashMap<UserId, String>,
    teams: HashMap<Id, String>,
}

impl Names {
    /// Reads the names of users and teams. Deleted ones have none.
    pub(super) async fn find(
        service: &Service,
        caller: &Caller,
        principals: &[Principal],
    ) -> Result<Self, UiError> {
        let ids = users(principals.iter().copied());
        let members = service.identity().members().find_all(caller, &ids).await;
        let users = report(members)?.into_iter().map(|member| {
            let name = format!("{} ({})", member.full_name, member.email);
            (member.id, name)
        });
        let mut teams = HashMap::new();
        for principal in principals {
            if let Principal::Team(id) = principal {
                let found = service.identity().teams().find(caller, id.0).await;
                let name = if_visible(found)?.map(|found| format!("Team {}", found.team.name));
                teams.extend(name.map(|name| (id.0, name)));
            }
        }
        Ok(Self {
            users: users.collect(),
            teams,
        })
    }

    /// Suggestions for a user or team to add: email addresses with full names, and names of teams.
    pub(super) async fn suggestions(
        service: &Service,
        caller: &Caller,
    ) -> Result<Choices, UiError> {
        let identity = service.identity();
        let members = report(identity.members().suggest(caller, None).await)?;
        let teams = report(identity.teams().suggest(caller, SUGGESTED_TEAMS).await)?;
        let teams = teams.into_iter().map(|name| (name, "Team".to_owned()));
        let users = members
            .into_iter()
            .map(|member| (member.email, member.full_name));
        Ok(teams.chain(users).collect())
    }

    /// The name of a user or team.
    pub(super) fn name(&self, principal: Principal) -> String {
        let name = match principal {
            Principal::User(id) => self.users.get(&id),
            Principal::Team(id) => self.teams.get(&id.0),
            Principal::Organization(_) => return "Every member of the organization".to_owned(),
        };
        name.cloned().unwrap_or_else(|| match principal {
            Principal::Team(id) => format!("Deleted team ({id})"),
            Principal::User(_) | Principal::Organization(_) => {
                format!("Former member ({})", principal.id())
            }
        })
    }
}
