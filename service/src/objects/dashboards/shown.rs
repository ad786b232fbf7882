//! What a dashboard group shows to a caller: dashboards that the caller may not read are omitted, and an update by such
//! a caller keeps them.

use std::collections::HashSet;

use domain::{
    identity::actor::Caller,
    objects::{
        dashboard_group::{configs, set_configs},
        object::Object,
    },
    platform::id::Id,
};
use store::Conn;

use crate::{objects::list::reader, platform::error::ServiceError};

/// The dashboards in these groups that the caller may not read.
pub(crate) async fn hidden_in<'a>(
    conn: &mut Conn,
    caller: &Caller,
    groups: impl IntoIterator<Item = &'a Object>,
) -> Result<HashSet<Id>, ServiceError> {
    let shown = groups
        .into_iter()
        .flat_map(|group| configs(&group.document));
    let ids: HashSet<Id> = shown.map(|config| config.dashboard_id).collect();
    let organization = caller.organization_id();
    Ok(conn
        .list_hidden_objects(organization, reader(caller), &ids)
        .await?)
}

/// The groups as the caller may read them.
pub(crate) async fn as_shown(
    conn: &mut Conn,
    caller: &Caller,
    mut groups: Vec<Object>,
) -> Result<Vec<Object>, ServiceError> {
    let hidden = hidden_in(conn, caller, &groups).await?;
    for group in &mut groups {
        let mut shown = configs(&group.document);
        let count = shown.len();
        shown.retain(|config| !hidden.contains(&config.dashboard_id));
        if shown.len() < count {
            set_configs(&mut group.document, &shown);
        }
    }
    Ok(groups)
}

/// The group as the caller may read it.
pub(crate) async fn group_as_shown(
    conn: &mut Conn,
    caller: &Caller,
    group: Object,
) -> Result<Object, ServiceError> {
    let mut shown = as_shown(conn, caller, vec![group]).await?;
    shown
        .pop()
        .ok_or_else(|| ServiceError::not_found("dashboard group"))
}
