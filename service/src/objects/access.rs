//! What the acts on `/v2` objects share: loading, who may, how lists are asked for.
//!
//! The checks of every act come in the contract's order (docs/contract.md#errors): does it exist (404), may the caller
//! (403), is what they ask for sound (400). Nothing is stored unless all of it is.

use std::collections::HashMap;

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        object::Object,
        permissions::{
            Denied, Effective, PermissionChange, PermissionRequest, Principal, Protection,
            may_permit, may_write,
        },
    },
    platform::{
        document::Document,
        id::{Id, OrganizationId, TeamId},
        page::{OffsetPage, Page},
        rejection::Rejected,
    },
};
use serde_json::Value;
use store::{Conn, NameFilter, ObjectFilter, ObjectOrder, ReadAccess, Reader};

use crate::{objects::handle::Objects, platform::error::ServiceError};

/// What a list of objects is asked for with (docs/contract.md#lists). Empty and absent filters let everything through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    /// Text in the name, whatever its case; for integrations all of it, with `*` and `?`
    /// (docs/contract.md#integrations).
    pub name: String,
    /// Integrations: those of this type.
    pub type_name: String,
    /// One of these tags.
    pub tags: Vec<String>,
    /// A field to order by, `-` before it for the other way round. An unknown one is the default.
    pub order_by: String,
    /// Dashboards: the one with this chart.
    pub chart_id: Option<Id>,
    /// Dashboard groups: those that show this dashboard.
    pub dashboard_id: Option<Id>,
    /// Dashboards: those of this group.
    pub group_id: Option<Id>,
    /// Dashboard groups and detectors: those linked to this team.
    pub team_id: Option<Id>,
    /// Made by this user or org token.
    pub creator_id: Option<Id>,
    /// Integrations: those that are enabled, or those that are not.
    pub enabled: Option<bool>,
}

/// How thoroughly a document is validated that is not stored (docs/contract.md#dashboards).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    /// With everything it refers to.
    Full,
    /// By itself: what it refers to may not exist yet.
    Terraform,
}

impl Validation {
    /// Reads `validationMode`; absent, it is full.
    ///
    /// # Errors
    /// [`Rejected`] when it is neither `FULL` nor `TERRAFORM`.
    pub fn parse(mode: Option<&str>) -> Result<Self, Rejected> {
        match mode {
            None | Some("FULL") => Ok(Self::Full),
            Some("TERRAFORM") => Ok(Self::Terraform),
            Some(_) => Err(reject("validationMode", "must be FULL or TERRAFORM")),
        }
    }
}

impl Objects {
    pub(crate) async fn list_objects(
        &self,
        caller: &Caller,
        kind: ObjectType,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        let (order, descending) = order_of(&query.order_by);
        let name = match query.name.as_str() {
            "" => NameFilter::Any,
            name if kind == ObjectType::Integration => NameFilter::Whole(name.to_owned()),
            name => NameFilter::Containing(name.to_owned()),
        };
        let filter = ObjectFilter {
            name,
            type_name: query.type_name.clone(),
            parent_id: query.group_id,
            child_id: query.chart_id,
            team_id: query.team_id,
            dashboard_id: query.dashboard_id,
            tags: query.tags.clone(),
            creator_id: query.creator_id,
            enabled: query.enabled,
            order,
            descending,
            ..ObjectFilter::all(caller.organization_id(), kind, reader(caller))
        };
        Ok(self
            .platform
            .store()
            .read()
            .await?
            .page_objects(&filter, page)
            .await?)
    }
}

/// `-sf_createdOnMs`, `lastUpdated`, …: `sf_` before a field changes nothing (docs/contract.md#lists).
fn order_of(order_by: &str) -> (ObjectOrder, bool) {
    let (descending, field) = match order_by.strip_prefix('-') {
        Some(field) => (true, field),
        None => (false, order_by),
    };
    let order = match field.strip_prefix("sf_").unwrap_or(field) {
        "created" | "createdOnMs" => ObjectOrder::Created,
        "name" => ObjectOrder::Name,
        "creator" => ObjectOrder::Creator,
        "lastUpdatedBy" => ObjectOrder::Updater,
        "tags" => ObjectOrder::Tags,
        "description" => ObjectOrder::Description,
        "lastUpdated" | "updatedOnMs" | "timestamp" => ObjectOrder::Updated,
        // An unknown field is the default, and so is its direction.
        _ => return (ObjectOrder::Updated, false),
    };
    (order, descending)
}

pub(crate) fn reader(caller: &Caller) -> Reader {
    if caller.is_administrator() {
        return Reader::Everything;
    }
    match caller.user() {
        Some(user) => Reader::User(user.id.0),
        None => Reader::Organization,
    }
}

/// The object of this kind with this id.
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

/// The object of this kind with this id, if there is one.
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
/// The first id without an object, as its place among the ids.
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

/// The caller with the teams they are in at this moment: membership counts at once (docs/contract.md#decision-table),
/// so it is asked for again wherever one of these protections names a team.
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

/// What a request asks for, once it is known to be well formed; a caller who may change nothing here is told that, and
/// nothing about their document.
pub(crate) fn well_formed<D>(
    actor: &Actor,
    before: &Effective,
    draft: Result<D, Rejected>,
    permissions: Result<PermissionRequest, Rejected>,
) -> Result<(D, Option<PermissionChange>), ServiceError> {
    let asked = draft.and_then(|draft| Ok((draft, permissions?)));
    match asked {
        Ok((draft, PermissionRequest::Unchanged)) => Ok((draft, None)),
        Ok((draft, PermissionRequest::Change(change))) => Ok((draft, Some(change))),
        Err(refused) if may_write(actor, before) || may_permit(actor, before) => {
            Err(refused.into())
        }
        Err(_) => Err(Denied::Write.into()),
    }
}

/// Whether the users and teams that are new in a protection exist (docs/contract.md#permission-fields).
pub(crate) async fn check_principals(
    conn: &mut Conn,
    caller: &Caller,
    change: Option<&PermissionChange>,
) -> Result<(), ServiceError> {
    let organization_id = caller.organization_id();
    for principal in change.iter().flat_map(|change| &change.must_exist) {
        let exists = match principal {
            Principal::User(id) => conn.find_member(*id).await?.is_some_and(|member| {
                member.removed_at.is_none() && member.organization_id == organization_id
            }),
            Principal::Team(TeamId(id)) => {
                let team = find_of(conn, organization_id, ObjectType::Team, *id).await?;
                team.is_some()
            }
            Principal::Organization(id) => *id == organization_id,
        };
        if !exists {
            let what = format!("there is no {} {}", principal.type_label(), principal.id());
            return Err(reject("permissions", what).into());
        }
    }
    Ok(())
}

/// Whether the teams an object shall be linked to exist, but for those it is linked to already.
pub(crate) async fn check_teams(
    conn: &mut Conn,
    caller: &Caller,
    team_ids: &[Id],
) -> Result<(), ServiceError> {
    match find_all(conn, caller, ObjectType::Team, team_ids).await? {
        Ok(_) => Ok(()),
        Err(place) => {
            let what = format!("there is no team {}", team_ids[place]);
            Err(reject(&format!("teams[{place}]"), what).into())
        }
    }
}

/// Who made objects of a kind that everybody may read, by name, in order.
pub(crate) async fn creators_of(
    conn: &mut Conn,
    caller: &Caller,
    kind: ObjectType,
) -> Result<Vec<(Id, String)>, ServiceError> {
    let creators = conn.list_creators(caller.organization_id(), kind).await?;
    let mut creators: Vec<_> = creators
        .into_iter()
        .map(|(id, by)| (id, by.actor_name))
        .collect();
    creators.sort_by_key(|(_, name)| name.to_lowercase());
    Ok(creators)
}

/// Who may read an object that has an access control list of its own, or none.
pub(crate) fn own_access(object: &Object) -> ReadAccess {
    ReadAccess {
        access_id: Some(object.id),
        readers: Effective::of(object.organization_id, &object.protection).readers(),
    }
}

/// A refusal of one field, in the form all refusals of documents have.
pub(crate) fn reject(field: &str, what: impl AsRef<str>) -> Rejected {
    Rejected::field(field, format!("{field}: {}", what.as_ref()))
}

/// The text of a request's field; `None` when it is absent, `null` or empty.
pub(crate) fn text<'a>(given: &'a Document, field: &str) -> Result<Option<&'a str>, Rejected> {
    match given.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(reject(field, "must be a text")),
    }
}

impl From<Denied> for ServiceError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_with_its_prefixes_and_nonsense_is_the_default() {
        let check = |text: &str, expected: (ObjectOrder, bool)| {
            assert_eq!(order_of(text), expected, "{text}")
        };
        check("", (ObjectOrder::Updated, false));
        check("name", (ObjectOrder::Name, false));
        check("-sf_timestamp", (ObjectOrder::Updated, true));
        check("-sf_createdOnMs", (ObjectOrder::Created, true));
        check("-weight", (ObjectOrder::Updated, false));
    }
}
