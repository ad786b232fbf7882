//! Links between teams and dashboard groups or detectors (docs/contract.md#team-links). A link is stored with the
//! group or detector; the team's side is read from there, so that the two are consistent.

use domain::{
    audit::{
        event::{Action, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    objects::{
        object::Object,
        permissions::{Effective, authorize_write},
    },
    platform::{document::Document, id::Id},
};
use serde_json::{Value, json};

use crate::{
    objects::{
        changes::{event, updated},
        handle::Objects,
        load::{acting, find},
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Links a dashboard group or a detector to a team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when either does not exist, [`ServiceError::Denied`] without WRITE on the linked
    /// object.
    pub async fn link_team(
        &self,
        caller: &Caller,
        team_id: Id,
        kind: ObjectType,
        id: Id,
    ) -> Result<(), ServiceError> {
        self.change_link(caller, team_id, kind, id, with_team).await
    }

    /// Removes a link.
    ///
    /// # Errors
    /// As [`Self::link_team`].
    pub async fn unlink_team(
        &self,
        caller: &Caller,
        team_id: Id,
        kind: ObjectType,
        id: Id,
    ) -> Result<(), ServiceError> {
        self.change_link(caller, team_id, kind, id, without_team)
            .await
    }

    /// A link does not update the stamp of either side, but both have an audit event.
    async fn change_link(
        &self,
        caller: &Caller,
        team_id: Id,
        kind: ObjectType,
        id: Id,
        change: fn(&Object, Id) -> Object,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let team = find(&mut write, caller, ObjectType::Team, team_id).await?;
        let before = find(&mut write, caller, kind, id).await?;
        let actor = acting(&mut write, caller, &[&before.protection]).await?;
        let effective = Effective::of(before.organization_id, &before.protection);
        authorize_write(&actor, &effective)?;
        let after = change(&before, team_id);
        if after == before {
            return Ok(());
        }
        write.follow_object(&before, &after).await?;
        let stamp = self.platform.stamp(caller);
        let side = |linked: bool| {
            let mut side = Document::new();
            if linked {
                side.insert(format!("{}/{id}", kind.label()), json!(before.name));
            }
            side
        };
        let links = team_ids(&after).len() > team_ids(&before).len();
        let of_team = event(
            caller,
            &stamp,
            Action::Update,
            &team,
            &side(!links),
            &side(links),
        );
        let of_linked = updated(caller, &stamp, &before, &after);
        self.audit
            .commit(write, Events::of(of_linked, [of_team]))
            .await
    }
}

fn team_ids(object: &Object) -> Vec<Value> {
    let teams = object.document.get("teams").and_then(Value::as_array);
    teams.cloned().unwrap_or_default()
}

fn with_team(object: &Object, team_id: Id) -> Object {
    let mut linked = object.clone();
    let mut teams = team_ids(object);
    if !teams.contains(&json!(team_id)) {
        teams.push(json!(team_id));
        linked
            .document
            .insert("teams".to_owned(), Value::Array(teams));
    }
    linked
}

/// A copy of the object without the link to this team.
pub(crate) fn without_team(object: &Object, team_id: Id) -> Object {
    let mut unlinked = object.clone();
    let mut teams = team_ids(object);
    if teams.contains(&json!(team_id)) {
        teams.retain(|team| *team != json!(team_id));
        unlinked
            .document
            .insert("teams".to_owned(), Value::Array(teams));
    }
    unlinked
}
