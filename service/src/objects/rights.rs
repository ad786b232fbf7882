//! What a caller may do with objects, for pages, which offer only permitted operations. Every operation checks again.

use std::collections::HashMap;

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        object::Object,
        permissions::{
            Effective, Protection, authorize_delete, authorize_delete_dashboard, may_permit,
            may_read, may_write,
        },
    },
    platform::id::Id,
};

use crate::{
    objects::{handle::Objects, load::acting},
    platform::error::ServiceError,
};

/// What a caller may do with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights {
    /// Read it.
    pub read: bool,
    /// Change its content.
    pub write: bool,
    /// Change its permissions.
    pub permit: bool,
    /// Delete it.
    pub delete: bool,
}

impl Objects {
    /// What the caller may do with each of these dashboards, dashboard groups or detectors.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn rights_on(
        &self,
        caller: &Caller,
        objects: &[Object],
    ) -> Result<Vec<Rights>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let mut group_ids: Vec<Id> = objects.iter().filter_map(group_id).collect();
        group_ids.sort_unstable();
        group_ids.dedup();
        let groups = read.list_objects_by_id(&group_ids).await?;
        let protections: Vec<&Protection> = objects
            .iter()
            .chain(&groups)
            .map(|object| &object.protection)
            .collect();
        let actor = acting(&mut read, caller, &protections).await?;
        let groups: HashMap<Id, &Object> = groups.iter().map(|group| (group.id, group)).collect();
        let group_of = |object| group_id(object).and_then(|id| groups.get(&id).copied());
        Ok(objects
            .iter()
            .map(|object| rights_of(&actor, object, group_of(object)))
            .collect())
    }
}

fn group_id(object: &Object) -> Option<Id> {
    object
        .parent_id
        .filter(|_| object.kind == ObjectType::Dashboard)
}

/// What an actor may do with an object. A dashboard needs its group.
pub(crate) fn rights_of(actor: &Actor, object: &Object, group: Option<&Object>) -> Rights {
    let organization_id = object.organization_id;
    let Some(group) = group else {
        let effective = Effective::of(organization_id, &object.protection);
        return Rights {
            read: may_read(actor, &effective),
            write: may_write(actor, &effective),
            permit: may_permit(actor, &effective),
            delete: authorize_delete(actor, &effective).is_ok(),
        };
    };
    let of_group = Effective::of(organization_id, &group.protection);
    let effective = Effective::of_dashboard(organization_id, &object.protection, &group.protection);
    Rights {
        read: may_read(actor, &effective),
        write: may_write(actor, &effective),
        permit: may_permit(actor, &effective),
        delete: authorize_delete_dashboard(actor, &effective, &of_group).is_ok(),
    }
}
