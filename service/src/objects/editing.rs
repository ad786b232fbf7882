//! Editing an object on a page: a preview of the update, and a conflict when the object was changed since it was shown.
//! In the API the last update wins (docs/contract.md#updates).

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
        dashboards::{group_update::Group, placement::DashboardInGroup, shown::group_as_shown},
        detector_update::Detector,
        handle::Objects,
        load::{acting, find},
        rights::{Rights, rights_of},
    },
    platform::error::ServiceError,
};

/// An object, and what the caller may do with it.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectAccess {
    /// The kind of the item.
    pub kind: ItemKind,
    /// The object.
    pub object: Object,
    /// The effective protection: its own, or that of its group.
    pub protection: Protection,
    /// What the caller may do with it.
    pub rights: Rights,
}

/// The preview of an update.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdatePreview {
    /// The object before the update.
    pub before: ObjectAccess,
    /// The object after the update; `None` when it changes nothing.
    pub after: Option<ObjectAccess>,
}

impl Objects {
    /// Finds a dashboard, dashboard group or detector, and what the caller may do with it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when no object of this kind exists, [`ServiceError::Denied`] without READ.
    pub async fn find_with_access(
        &self,
        caller: &Caller,
        kind: ItemKind,
        id: Id,
    ) -> Result<ObjectAccess, ServiceError> {
        let object = match kind {
            ItemKind::Dashboard => self.find_dashboard(caller, id).await?,
            ItemKind::DashboardGroup => self.find_dashboard_group(caller, id).await?,
            ItemKind::Detector => self.find_detector(caller, id).await?,
        };
        let mut read = self.platform.store().read().await?;
        load_access(&mut read, caller, kind, object).await
    }

    /// Previews an update of a dashboard, dashboard group or detector. Nothing is stored.
    ///
    /// # Errors
    /// The error of the update itself.
    pub async fn preview_update(
        &self,
        caller: &Caller,
        kind: ItemKind,
        id: Id,
        given: &Document,
    ) -> Result<UpdatePreview, ServiceError> {
        let before = self.find_with_access(caller, kind, id).await?;
        let mut read = self.platform.store().read().await?;
        // The whole object: an update keeps what the caller may not read.
        let object = find(&mut read, caller, kind.object_type(), id).await?;
        let after = match kind {
            ItemKind::Dashboard => {
                self.preview::<DashboardInGroup>(&mut read, caller, object, given)
                    .await?
            }
            ItemKind::DashboardGroup => {
                let after = self
                    .preview::<Group>(&mut read, caller, object, given)
                    .await?;
                match after {
                    Some(group) => Some(group_as_shown(&mut read, caller, group).await?),
                    None => None,
                }
            }
            ItemKind::Detector => {
                self.preview::<Detector>(&mut read, caller, object, given)
                    .await?
            }
        };
        let after = match after {
            Some(object) => Some(load_access(&mut read, caller, kind, object).await?),
            None => None,
        };
        Ok(UpdatePreview { before, after })
    }

    /// Updates a dashboard, dashboard group or detector, unless it was changed since `seen_at`.
    ///
    /// # Errors
    /// [`ServiceError::Superseded`], which names the actor, when it was changed; otherwise the error of the update.
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
            ItemKind::Dashboard => {
                self.update::<DashboardInGroup>(caller, id, given, seen_at)
                    .await
            }
            ItemKind::DashboardGroup => self.update::<Group>(caller, id, given, seen_at).await,
            ItemKind::Detector => self.update::<Detector>(caller, id, given, seen_at).await,
        }
    }
}

async fn load_access(
    conn: &mut Conn,
    caller: &Caller,
    kind: ItemKind,
    object: Object,
) -> Result<ObjectAccess, ServiceError> {
    let group = match (kind, object.parent_id) {
        (ItemKind::Dashboard, Some(_)) => {
            Some(DashboardInGroup::load(conn, object.clone()).await?.group)
        }
        _ => None,
    };
    let protection = match (&object.protection, &group) {
        (Protection::Inherit, Some(group)) => group.protection.clone(),
        (own, _) => own.clone(),
    };
    let mut protections = vec![&protection];
    protections.extend(group.as_ref().map(|group| &group.protection));
    let actor = acting(conn, caller, &protections).await?;
    Ok(ObjectAccess {
        kind,
        rights: rights_of(&actor, &object, group.as_ref()),
        object,
        protection,
    })
}
