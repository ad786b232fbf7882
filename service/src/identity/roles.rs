//! Assigning roles to members and org tokens, and dismissing them (docs/contract.md#roles).

pub(crate) mod list;

use domain::{
    audit::event::{Action, AuditEvent},
    identity::{
        actor::Caller,
        role::Role,
        role_grant::{Grantee, RoleGrant},
    },
    platform::{
        document::reject,
        id::{Id, UserId},
        rejection::Rejected,
    },
};
use store::{Member, OrgToken, Write};

use crate::{
    identity::{handle::Identities, members::checks::present_member},
    platform::error::ServiceError,
    tokens::org_tokens::org_token_event,
};

/// Whether a grant assigns or dismisses roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Assign,
    Dismiss,
}

impl Identities {
    /// Assigns roles to all of these members or org tokens, or to none.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when one of them does not exist or cannot have the roles,
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn assign_roles(
        &self,
        caller: &Caller,
        grant: &RoleGrant,
    ) -> Result<(), ServiceError> {
        self.grant(caller, grant, Direction::Assign).await
    }

    /// Dismisses roles from all of these members or org tokens, or from none.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when one of them does not exist, would have no role left, or is the last
    /// administrator; [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn dismiss_roles(
        &self,
        caller: &Caller,
        grant: &RoleGrant,
    ) -> Result<(), ServiceError> {
        self.grant(caller, grant, Direction::Dismiss).await
    }

    async fn grant(
        &self,
        caller: &Caller,
        grant: &RoleGrant,
        direction: Direction,
    ) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = self.platform.store().write().await?;
        let mut events = Vec::new();
        for id in &grant.ids {
            events.extend(match grant.grantee {
                Grantee::Member => {
                    let mut member = named_member(&mut write, caller, *id).await?;
                    let roles = match direction {
                        Direction::Assign => grant.assigned_to(member.roles),
                        Direction::Dismiss => grant.dismissed_from(member.roles)?,
                    };
                    self.members
                        .store_roles(&mut write, caller, &mut member, roles)
                        .await?
                }
                Grantee::OrgToken => {
                    let token = named_token(&mut write, caller, *id).await?;
                    let role = match direction {
                        Direction::Assign => grant.only_role()?,
                        Direction::Dismiss => role_left(grant, &token)?,
                    };
                    self.store_role(&mut write, caller, token, role).await?
                }
            });
        }
        self.audit.commit_changes(write, events).await
    }

    /// Stores the role of an org token. Returns the event; `None` when it does not change.
    async fn store_role(
        &self,
        write: &mut Write,
        caller: &Caller,
        before: OrgToken,
        role: Role,
    ) -> Result<Option<AuditEvent>, ServiceError> {
        if before.role == role {
            return Ok(None);
        }
        let after = OrgToken {
            role,
            updated: self.platform.stamp(caller),
            ..before.clone()
        };
        write.update_org_token(&after).await?;
        Ok(Some(org_token_event(
            caller,
            Action::Update,
            Some(&before),
            Some(&after),
            &after,
        )))
    }
}

/// The member that a grant names. An unknown member is an error of the request (docs/contract.md#roles).
async fn named_member(write: &mut Write, caller: &Caller, id: Id) -> Result<Member, ServiceError> {
    let found = present_member(write, caller, UserId(id)).await;
    found.map_err(|error| {
        if matches!(error, ServiceError::NotFound(_)) {
            reject("objectIds", format!("there is no member {id}")).into()
        } else {
            error
        }
    })
}

/// The org token that a grant names. Only a token with scope `API` has a role.
async fn named_token(write: &mut Write, caller: &Caller, id: Id) -> Result<OrgToken, ServiceError> {
    let found = write.find_org_token(id).await?;
    let ours = |token: &OrgToken| token.organization_id == caller.organization_id();
    let token = found
        .filter(ours)
        .ok_or_else(|| reject("objectIds", format!("there is no token {id}")))?;
    if token.auth_scopes.iter().any(|scope| scope == "API") {
        Ok(token)
    } else {
        let what = format!("the token {} has no scope API, and so no role", token.name);
        Err(reject("objectIds", what).into())
    }
}

/// The role of a token after a dismissal. A token has exactly one role, so it can only be replaced by assigning
/// another.
fn role_left(grant: &RoleGrant, token: &OrgToken) -> Result<Role, Rejected> {
    if grant.roles.contains(token.role) {
        let what = "a token has one role: assign another instead";
        Err(reject("roleNames", what))
    } else {
        Ok(token.role)
    }
}
