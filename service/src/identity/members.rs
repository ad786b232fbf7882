//! Members: creating and finding them, and setting their password.

pub(crate) mod checks;
pub(crate) mod list;
pub(crate) mod pages;
pub(crate) mod roles;
pub(crate) mod status;
pub(crate) mod view;

use domain::{
    audit::event::{Action, AuditEvent, FieldChange, ObjectType},
    identity::{actor::Caller, password::NewPassword},
    platform::{
        id::{Id, TeamId, UserId},
        limits,
        name::{Email, Name},
        rejection::Rejected,
    },
};
use serde_json::json;
use store::{Member, Write};

use crate::{
    audit::{
        commit::{done, object},
        creation::Creation,
    },
    identity::{
        handle::Members,
        members::{
            checks::present_member,
            view::{MemberView, NewMember},
        },
        sessions::password_change::{OtherTokens, PasswordChange, end_after_change},
    },
    platform::error::ServiceError,
};

/// Limit on the members that are suggested. Others can be entered by email address.
const SUGGESTED: i64 = 500;

impl Members {
    /// Creates a user.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when a field breaks a rule or the address is taken,
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn create(
        &self,
        caller: &Caller,
        new: &NewMember,
    ) -> Result<MemberView, ServiceError> {
        caller.authorize_administrator()?;
        let member = self.prepare(new).await?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(view) => return Ok(view),
        };
        let email = member.email.clone();
        let event = self.insert(&mut write, caller, member).await?;
        let view = write.find_member_by_email(&email).await?;
        let view = view
            .map(MemberView::from)
            .ok_or_else(|| ServiceError::not_found("member"))?;
        self.audit
            .commit_creation(write, caller, event, &view)
            .await?;
        Ok(view)
    }

    /// Lists the members of the organization, by name.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<MemberView>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let members = read
            .list_members(caller.organization_id(), limits::PAGE_OBJECTS)
            .await?;
        Ok(members.into_iter().map(MemberView::from).collect())
    }

    /// Suggests members by name: those that are not in a team, if one is given.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn suggest(
        &self,
        caller: &Caller,
        outside: Option<TeamId>,
    ) -> Result<Vec<MemberView>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let organization_id = caller.organization_id();
        let members = match outside {
            None => read.list_members(organization_id, SUGGESTED).await?,
            Some(team_id) => {
                read.list_members_outside_team(organization_id, team_id, SUGGESTED)
                    .await?
            }
        };
        Ok(members.into_iter().map(MemberView::from).collect())
    }

    /// Lists the current members among these ids, in no particular order.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn find_all(
        &self,
        caller: &Caller,
        ids: &[UserId],
    ) -> Result<Vec<MemberView>, ServiceError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Id> = ids.iter().map(|id| id.0).collect();
        let mut read = self.platform.store().read().await?;
        let found = read.list_members_by_id(&ids).await?;
        let present = found.into_iter().filter(|member| {
            member.removed_at.is_none() && member.organization_id == caller.organization_id()
        });
        Ok(present.map(MemberView::from).collect())
    }

    /// Finds the current member with this address.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist.
    pub async fn find_by_email(&self, email: &str) -> Result<MemberView, ServiceError> {
        let email = Email::parse(email)?;
        let found = self
            .platform
            .store()
            .read()
            .await?
            .find_member_by_email(email.as_str())
            .await?;
        found
            .map(MemberView::from)
            .ok_or_else(|| ServiceError::not_found("member"))
    }

    /// Sets the password of a member and ends their sessions, with the tokens generated in them. The caller chooses about
    /// other tokens.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Rejected`] when the password breaks a rule.
    pub async fn set_password(
        &self,
        caller: &Caller,
        id: UserId,
        password: &str,
        others: OtherTokens,
    ) -> Result<PasswordChange, ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let found = self.platform.store().read().await?.find_member(id).await?;
        let found = found.ok_or_else(|| ServiceError::not_found("member"))?;
        let password = NewPassword::parse(password)?;
        let hash = self
            .passwords
            .hash(&password, &[&found.full_name, &found.email])
            .await?;
        let mut write = self.platform.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        member.password_hash = hash;
        self.store(&mut write, caller, &mut member).await?;
        write.forgive_all_failures(&member.email).await?;
        let now = self.platform.now();
        let (change, events) =
            end_after_change(&mut write, caller, &member, None, others, now).await?;
        self.audit.commit(write, events).await?;
        Ok(change)
    }

    /// Validates a new member and hashes the password, before any transaction, because hashing takes long.
    pub(crate) async fn prepare(&self, new: &NewMember) -> Result<NewMember, ServiceError> {
        let full_name = Name::parse("name", &new.full_name)?;
        let email = Email::parse(&new.email)?;
        let password = NewPassword::parse(&new.password)?;
        let about_user = [full_name.as_str(), email.as_str()];
        Ok(NewMember {
            email: email.as_str().to_owned(),
            full_name: full_name.as_str().to_owned(),
            password: self.passwords.hash(&password, &about_user).await?,
            roles: new.roles,
        })
    }

    /// Inserts a prepared member. Returns the event.
    pub(crate) async fn insert(
        &self,
        write: &mut Write,
        caller: &Caller,
        prepared: NewMember,
    ) -> Result<AuditEvent, ServiceError> {
        if write.find_member_by_email(&prepared.email).await?.is_some() {
            return Err(
                Rejected::field("email", "A member with this email exists already.").into(),
            );
        }
        let (now, actor) = (self.platform.now(), caller.actor().id());
        let member = Member {
            id: UserId(self.platform.new_id()),
            persona_id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            email: prepared.email,
            full_name: prepared.full_name,
            title: None,
            phone: None,
            roles: prepared.roles,
            password_hash: prepared.password,
            created_at: now,
            created_by: actor,
            updated_at: now,
            updated_by: actor,
            disabled_at: None,
            removed_at: None,
        };
        write.insert_member(&member).await?;
        Ok(created(caller, &member))
    }

    /// Stores the changed fields of a member, and the actor.
    pub(crate) async fn store(
        &self,
        write: &mut Write,
        caller: &Caller,
        member: &mut Member,
    ) -> Result<(), ServiceError> {
        member.updated_at = self.platform.now();
        member.updated_by = caller.actor().id();
        Ok(write.update_member(member).await?)
    }
}

/// The event of a new member.
pub(crate) fn created(caller: &Caller, member: &Member) -> AuditEvent {
    let change = |field: &str, value: &str| FieldChange {
        field: field.to_owned(),
        before: None,
        after: Some(json!(value)),
    };
    let changes = vec![
        change("email", &member.email),
        change("roles", &member.roles.to_titles()),
    ];
    let object = object(ObjectType::Member, member.id, &member.full_name);
    done(caller, member.created_at, Action::Create, object, changes)
}
