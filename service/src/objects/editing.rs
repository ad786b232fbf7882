//! What a person needs who changes an object on a page: what would come of it, told before it is done, and a refusal
//! when somebody else changed it meanwhile. Programs say nothing of the kind: for them the last one wins
//! (docs/contract.md#updates).

use domain::{
    identity::actor::Caller,
    objects::{
        object::Object,
        permissions::{ItemKind, Protection},
    },
    platform::{document::Document, id::Id, timestamp::Timestamp},
};
use store::Conn;

use crate::{
    objects::{
        access::{acting, find},
        dashboard_update, detectors,
        handle::Objects,
        placement::Placed,
        rights::{Rights, rights_of},
    },
    platform::error::ServiceError,
};

/// An object, and who may do what with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// What kind of item it is.
    pub kind: ItemKind,
    /// The object.
    pub object: Object,
    /// The protection it goes by: its own, or that of its group.
    pub protection: Protection,
    /// What the caller may do with it.
    pub rights: Rights,
}

/// What an update would come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The object as it is.
    pub before: Standing,
    /// The object as it would be; `None` when the update changes nothing.
    pub after: Option<Standing>,
}

impl Objects {
    /// A dashboard, dashboard group or detector the caller may read, and what they may do with it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none or it is something else, [`ServiceError::Denied`] without READ.
    pub async fn find_standing(
        &self,
        caller: &Caller,
        kind: ItemKind,
        id: Id,
    ) -> Result<Standing, ServiceError> {
        match kind {
            ItemKind::Dashboard => self.find_dashboard(caller, id).await.map(drop)?,
            ItemKind::DashboardGroup => self.find_dashboard_group(caller, id).await.map(drop)?,
            ItemKind::Detector => {}
        }
        let mut read = self.platform.store().read().await?;
        let object = find(&mut read, caller, kind.object_type(), id).await?;
        stand(&mut read, caller, kind, object).await
    }

    /// What an update of a dashboard, dashboard group or detector would come to. Nothing is stored.
    ///
    /// # Errors
    /// What the update itself would be refused with.
    pub async fn preview_update(
        &self,
        caller: &Caller,
        kind: ItemKind,
        id: Id,
        given: &Document,
    ) -> Result<Edit, ServiceError> {
        let before = self.find_standing(caller, kind, id).await?;
        let mut read = self.platform.store().read().await?;
        let object = before.object.clone();
        let after = match kind {
            ItemKind::Dashboard => {
                let placed = Placed::of(&mut read, object).await?;
                let after = dashboard_update::judge(&mut read, caller, &placed, given).await?;
                after.map(|after| after.dashboard)
            }
            ItemKind::DashboardGroup => self.judge_group(&mut read, caller, &object, given).await?,
            ItemKind::Detector => detectors::judge(&mut read, caller, &object, given).await?,
        };
        let after = match after {
            Some(object) => Some(stand(&mut read, caller, kind, object).await?),
            None => None,
        };
        Ok(Edit { before, after })
    }

    /// Changes a dashboard, dashboard group or detector, unless somebody changed it since it was `seen_at`.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when somebody did, naming them; else what the update is refused with.
    pub async fn update_unless_changed(
        &self,
        caller: &Caller,
        kind: ItemKind,
        id: Id,
        given: &Document,
        seen_at: Timestamp,
    ) -> Result<Object, ServiceError> {
        let seen_at = Some(seen_at);
        match kind {
            ItemKind::Dashboard => self.update_dashboard_seen(caller, id, given, seen_at).await,
            ItemKind::DashboardGroup => {
                self.update_dashboard_group_seen(caller, id, given, seen_at)
                    .await
            }
            ItemKind::Detector => self.update_detector_seen(caller, id, given, seen_at).await,
        }
    }
}

/// Refuses to change an object that is not any more what was seen of it.
pub(crate) fn check_unchanged(
    object: &Object,
    seen_at: Option<Timestamp>,
) -> Result<(), ServiceError> {
    if seen_at.is_none_or(|seen_at| seen_at == object.updated.at) {
        return Ok(());
    }
    Err(ServiceError::Conflict(format!(
        "{} saved this {} meanwhile, at {}.",
        object.updated.by.actor_name,
        object.kind.words(),
        object.updated.at.to_date_and_time(),
    )))
}

async fn stand(
    conn: &mut Conn,
    caller: &Caller,
    kind: ItemKind,
    object: Object,
) -> Result<Standing, ServiceError> {
    let group = match (kind, object.parent_id) {
        (ItemKind::Dashboard, Some(_)) => Some(Placed::of(conn, object.clone()).await?.group),
        _ => None,
    };
    let protection = match (&object.protection, &group) {
        (Protection::Inherit, Some(group)) => group.protection.clone(),
        (own, _) => own.clone(),
    };
    let mut protections = vec![&protection];
    protections.extend(group.as_ref().map(|group| &group.protection));
    let actor = acting(conn, caller, &protections).await?;
    Ok(Standing {
        kind,
        rights: rights_of(&actor, &object, group.as_ref()),
        object,
        protection,
    })
}
