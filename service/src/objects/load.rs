//! Loading objects by id, and the current teams of the caller.

use std::collections::HashMap;

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        object::Object,
        permissions::{Principal, Protection},
    },
    platform::id::{Id, OrganizationId},
};
use store::Conn;

use crate::platform::error::ServiceError;

/// Finds the object of this kind with this id.
pub(crate) async fn find(
    conn: &mut Conn,
    caller: &Caller,
    kind: ObjectType,
    id: Id,
) -> Result<Object, ServiceError> {
    find_of(conn, caller.organization_id(), kind, id)
        .await?
        .ok_or_else(|| ServiceError::not_found(kind.words()))
}

/// The object of this kind with this id, if it exists.
pub(crate) async fn find_of(
    conn: &mut Conn,
    organization_id: OrganizationId,
    kind: ObjectType,
    id: Id,
) -> Result<Option<Object>, ServiceError> {
    let found = conn.find_object(id).await?;
    Ok(found.filter(|object| object.kind == kind && object.organization_id == organization_id))
}

/// The objects of this kind with these ids, in the order of the ids.
///
/// # Errors
/// The index of the first id without an object.
pub(crate) async fn find_all(
    conn: &mut Conn,
    caller: &Caller,
    kind: ObjectType,
    ids: &[Id],
) -> Result<Result<Vec<Object>, usize>, ServiceError> {
    let found = conn.list_objects_by_id(ids).await?;
    let mut found: HashMap<Id, Object> = found
        .into_iter()
        .filter(|object| object.kind == kind && object.organization_id == caller.organization_id())
        .map(|object| (object.id, object))
        .collect();
    let in_order = ids.iter().enumerate();
    Ok(in_order
        .map(|(place, id)| found.remove(id).ok_or(place))
        .collect())
}

/// The actor with its current teams, which are loaded again when one of these protections names a team: a change of
/// membership takes effect at once (docs/contract.md#decision-table).
pub(crate) async fn acting(
    conn: &mut Conn,
    caller: &Caller,
    protections: &[&Protection],
) -> Result<Actor, ServiceError> {
    let mut actor = caller.actor().clone();
    let names_team = |protection: &&Protection| {
        let mut named = protection.named().into_iter();
        named.any(|principal| matches!(principal, Principal::Team(_)))
    };
    if let Actor::User(user) = &mut actor
        && protections.iter().any(names_team)
    {
        user.teams = conn.list_teams_of_user(user.id).await?;
    }
    Ok(actor)
}
