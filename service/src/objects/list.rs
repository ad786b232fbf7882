//! Lists of objects: the query of a request, and the objects that the caller may read.

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::object::Object,
    platform::{
        id::Id,
        page::{OffsetPage, Page, order_field},
    },
};
use store::{Conn, NameFilter, ObjectFilter, ObjectOrder, Reader};

use crate::{objects::handle::Objects, platform::error::ServiceError};

/// The filters and the order of a list of objects (docs/contract.md#lists). An empty or absent filter matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    /// Text in the name, ignoring case; for integrations the whole name, with `*` and `?`
    /// (docs/contract.md#integrations).
    pub name: String,
    /// Integrations: those of this type.
    pub type_name: String,
    /// One of these tags.
    pub tags: Vec<String>,
    /// A tag that begins with one of these texts.
    pub tag_prefixes: Vec<String>,
    /// No tag that begins with one of these texts.
    pub excluded_tag_prefixes: Vec<String>,
    /// The field to order by, with `-` for descending. An unknown field is the default.
    pub order_by: String,
    /// Dashboards: the one with this chart.
    pub chart_id: Option<Id>,
    /// Dashboard groups: those that show this dashboard.
    pub dashboard_id: Option<Id>,
    /// Dashboards: those of this group.
    pub group_id: Option<Id>,
    /// Dashboard groups and detectors: those linked to this team.
    pub team_id: Option<Id>,
    /// Created by this user or org token.
    pub creator_id: Option<Id>,
    /// Integrations: those that are enabled, or those that are not.
    pub enabled: Option<bool>,
}

impl Objects {
    pub(crate) async fn list_objects(
        &self,
        caller: &Caller,
        kind: ObjectType,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        let (order, descending) = order_of(kind, &query.order_by);
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
            tag_prefixes: query.tag_prefixes.clone(),
            excluded_tag_prefixes: query.excluded_tag_prefixes.clone(),
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

/// The order for `-sf_createdOnMs`, `lastUpdated`, ….
pub(crate) fn order_of(kind: ObjectType, order_by: &str) -> (ObjectOrder, bool) {
    let (field, descending) = order_field(order_by);
    let order = match field {
        "created" | "createdOnMs" | "createdAt" => ObjectOrder::Created,
        "name" | "title" | "metricName" | "displayName" => ObjectOrder::Name,
        "creator" => ObjectOrder::Creator,
        "lastUpdatedBy" => ObjectOrder::Updater,
        "tags" => ObjectOrder::Tags,
        // Lists have no description of other kinds; that of a muting rule is its name.
        "description" if kind == ObjectType::Detector => ObjectOrder::Description,
        "description" if kind == ObjectType::Shared(SharedKind::AlertMuting) => ObjectOrder::Name,
        "lastUpdated" | "updatedOnMs" | "updatedAt" | "timestamp" => ObjectOrder::Updated,
        // The default, also in its direction.
        _ => return (ObjectOrder::Updated, false),
    };
    (order, descending)
}

/// Which objects the caller may read.
pub(crate) fn reader(caller: &Caller) -> Reader {
    if caller.is_administrator() {
        return Reader::Everything;
    }
    match caller.user() {
        Some(user) => Reader::User(user.id.0),
        None => Reader::Organization,
    }
}

/// The creators of objects of a kind that every member may read, in order of their names.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_with_its_prefixes_and_nonsense_is_the_default() {
        let check = |text: &str, expected: (ObjectOrder, bool)| {
            assert_eq!(order_of(ObjectType::Chart, text), expected, "{text}")
        };
        check("", (ObjectOrder::Updated, false));
        check("name", (ObjectOrder::Name, false));
        check("-sf_timestamp", (ObjectOrder::Updated, true));
        check("-sf_createdOnMs", (ObjectOrder::Created, true));
        check("-weight", (ObjectOrder::Updated, false));
        check("-description", (ObjectOrder::Updated, false));
        let described = order_of(ObjectType::Detector, "-description");
        assert_eq!(described, (ObjectOrder::Description, true));
    }
}
