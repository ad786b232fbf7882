//! What a request makes of a dashboard, and whether it may be stored.

use domain::{
    identity::actor::Caller,
    objects::{
        dashboard::{self, DashboardDraft},
        permissions::{
            Change, CurrentPermissions, Item, PermissionChange, PermissionRequest, authorize_move,
            authorize_update,
        },
    },
    platform::document::{Document, same_content},
};
use store::Conn;

use crate::{
    objects::{
        access::{acting, check_principals, well_formed},
        placement::{Placed, check_charts, find_group},
    },
    platform::error::ServiceError,
};

/// What an update makes of a dashboard, once it is known that it may be stored; `None` when nothing is to be stored.
pub(crate) async fn judge(
    conn: &mut Conn,
    caller: &Caller,
    before: &Placed,
    given: &Document,
) -> Result<Option<Placed>, ServiceError> {
    let Some((after, change)) = decide(conn, caller, before, given).await? else {
        return Ok(None);
    };
    check_principals(conn, caller, change.as_ref()).await?;
    let id = before.dashboard.id;
    check_charts(conn, caller, &after.dashboard.document, Some(id)).await?;
    Ok(Some(after))
}

/// What an update makes of a dashboard, once it is known that the caller may; `None` when that is what it is already.
async fn decide(
    conn: &mut Conn,
    caller: &Caller,
    before: &Placed,
    given: &Document,
) -> Result<Option<(Placed, Option<PermissionChange>)>, ServiceError> {
    let group_id = dashboard::group_id(given)?.unwrap_or(before.group.id);
    let moved = group_id != before.group.id;
    let group = if moved {
        find_group(conn, caller, group_id).await
    } else {
        Ok(before.group.clone())
    };
    let mut protections = before.protections().to_vec();
    protections.extend(group.as_ref().ok().map(|group| &group.protection));
    let present = CurrentPermissions {
        item: Item::Dashboard {
            group_id: before.group.id,
        },
        organization_id: before.dashboard.organization_id,
        protection: &before.dashboard.protection,
    };
    let permissions = PermissionRequest::read_moving(given, &present, group_id);
    if let Ok(PermissionRequest::Change(change)) = &permissions {
        protections.push(&change.protection);
    }
    let actor = acting(conn, caller, &protections).await?;
    let effective = before.effective();
    let draft = DashboardDraft::read(given, Some(&before.dashboard.name));
    let (draft, change) = well_formed(&actor, &effective, draft, permissions)?;
    let same = same_content(
        &before.dashboard.document,
        &draft.document,
        &dashboard::defaults(),
    );
    let mut after = Placed {
        dashboard: before.dashboard.clone(),
        group: group.as_ref().unwrap_or(&before.group).clone(),
    };
    after.dashboard.name = draft.name;
    after.dashboard.parent_id = Some(group_id);
    if !same {
        after.dashboard.document = draft.document;
    }
    if let Some(change) = &change {
        after.dashboard.protection = change.protection.clone();
    }
    let content_changed = moved || !same || after.dashboard.name != before.dashboard.name;
    let new_effective = change.as_ref().map(|_| after.effective());
    authorize_update(
        &actor,
        &effective,
        Change::of(content_changed, new_effective.as_ref()),
    )?;
    group?;
    if moved {
        authorize_move(&actor, &before.group_effective(), &after.group_effective())?;
    }
    Ok((content_changed || change.is_some()).then_some((after, change)))
}
