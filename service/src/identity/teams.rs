//! Creating, updating and deleting teams (docs/contract.md#teams).

pub(crate) mod checks;
pub(crate) mod list;
pub(crate) mod members;

use domain::{
    audit::event::{Action, AuditEvent, ObjectType},
    identity::{
        actor::Caller,
        team::{self, TeamDraft},
    },
    objects::{
        object::{Object, Relation, Stamp},
        permissions::Protection,
    },
    platform::{
        document::{Document, same_content},
        id::{Id, TeamId},
        masked_webhook::unmasked,
    },
};
use store::{ReadAccess, Write};

use crate::{
    audit::creation::Creation,
    identity::{
        handle::Teams,
        teams::{
            checks::{check_name, check_users},
            list::TeamView,
        },
    },
    objects::{changes::event, load::find, team_links::without_team},
    platform::error::ServiceError,
};

impl Teams {
    /// Creates a team.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator, [`ServiceError::Rejected`] when the document
    /// breaks a rule or the name is taken.
    pub async fn create(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<TeamView, ServiceError> {
        caller.authorize_administrator()?;
        let draft = TeamDraft::read(given, None)?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(team) => return Ok(team),
        };
        check_name(&mut write, caller, &draft.name, None).await?;
        check_users(&mut write, caller, &draft.members).await?;
        let stamp = self.platform.stamp(caller);
        let team = Object {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            kind: ObjectType::Team,
            name: draft.name,
            parent_id: None,
            document: draft.document,
            protection: Protection::Open,
            created: stamp.clone(),
            updated: stamp.clone(),
        };
        write.insert_object(&team, &ReadAccess::default()).await?;
        for user_id in draft.members {
            write
                .insert_team_member(TeamId(team.id), user_id, stamp.at)
                .await?;
        }
        let view = TeamView::of(&mut write, team).await?;
        let event = team_event(
            caller,
            &stamp,
            Action::Create,
            &view.team,
            None,
            Some(&view),
        );
        self.audit
            .commit_creation(write, caller, event, &view)
            .await?;
        Ok(view)
    }

    /// Updates a team. Members that the request omits are removed; links to the team do not change.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator,
    /// [`ServiceError::Rejected`] when the document breaks a rule or the name is taken.
    pub async fn update(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<TeamView, ServiceError> {
        caller.authorize_administrator()?;
        let mut write = self.platform.store().write().await?;
        let team = find(&mut write, caller, ObjectType::Team, id).await?;
        let before = TeamView::of(&mut write, team).await?;
        let given = unmasked(given, &before.team.document);
        let draft = TeamDraft::read(&given, Some(&before.team.name))?;
        check_name(&mut write, caller, &draft.name, Some(id)).await?;
        let mut new_members = draft.members.clone();
        new_members.retain(|user_id| !before.members.contains(user_id));
        check_users(&mut write, caller, &new_members).await?;
        let stamp = self.platform.stamp(caller);
        for user_id in &before.members {
            if !draft.members.contains(user_id) {
                write.delete_team_member(TeamId(id), *user_id).await?;
            }
        }
        for user_id in &new_members {
            write
                .insert_team_member(TeamId(id), *user_id, stamp.at)
                .await?;
        }
        let mut team = before.team.clone();
        team.name = draft.name;
        if !same_content(&team.document, &draft.document, &team::defaults()) {
            team.document = draft.document;
        }
        self.store(write, caller, &stamp, &before, team).await
    }

    /// Stores a team whose members are already changed. Commits only if there is a difference.
    pub(crate) async fn store(
        &self,
        mut write: Write,
        caller: &Caller,
        stamp: &Stamp,
        before: &TeamView,
        team: Object,
    ) -> Result<TeamView, ServiceError> {
        let mut after = TeamView::of(&mut write, team).await?;
        if after == *before {
            return Ok(after);
        }
        after.team.updated = stamp.clone();
        write
            .update_object(&before.team, &after.team, &ReadAccess::default())
            .await?;
        let event = team_event(
            caller,
            stamp,
            Action::Update,
            &after.team,
            Some(before),
            Some(&after),
        );
        self.audit.commit(write, event).await?;
        Ok(after)
    }

    /// Deletes a team. Its id remains in access control lists, where it grants nothing any more.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn delete(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        let mut write = self.platform.store().write().await?;
        let team = find(&mut write, caller, ObjectType::Team, id).await?;
        let view = TeamView::of(&mut write, team).await?;
        for kind in [ObjectType::DashboardGroup, ObjectType::Detector] {
            for linked in write.list_referring(Relation::Team, id, kind).await? {
                let unlinked = without_team(&linked, id);
                write.follow_object(&linked, &unlinked).await?;
            }
        }
        write.delete_object(id).await?;
        let stamp = self.platform.stamp(caller);
        let event = team_event(
            caller,
            &stamp,
            Action::Delete,
            &view.team,
            Some(&view),
            None,
        );
        self.audit.commit(write, event).await
    }
}

fn team_event(
    caller: &Caller,
    stamp: &Stamp,
    action: Action,
    about: &Object,
    before: Option<&TeamView>,
    after: Option<&TeamView>,
) -> AuditEvent {
    let fields = |view: Option<&TeamView>| view.map(TeamView::fields).unwrap_or_default();
    event(
        caller,
        stamp,
        action,
        about,
        &fields(before),
        &fields(after),
    )
}
