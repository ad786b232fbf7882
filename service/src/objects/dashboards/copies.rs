//! Creating dashboards from a list of charts (docs/contract.md#dashboards, simple) and from another dashboard
//! (docs/contract.md#dashboard-groups, clone).

use domain::{
    audit::{event::ObjectType, events::Events},
    identity::actor::Caller,
    objects::{
        chart::ChartDraft,
        dashboard::{self, DashboardDraft, chart_ids},
        object::Object,
        permissions::{Protection, authorize_clone, authorize_create, authorize_create_dashboard},
    },
    platform::{
        document::{Document, reject},
        id::Id,
        rejection::Rejected,
    },
};
use serde_json::Value;

use crate::{
    audit::creation::Creation,
    objects::{
        access::effective,
        dashboards::placement::{DashboardInGroup, find_group},
        handle::Objects,
        load::{acting, find, find_of},
        references::{check_charts, find_charts},
    },
    platform::error::ServiceError,
};

/// A chart of a simple dashboard: existing or new.
enum SimpleChart {
    Existing(Id),
    New(ChartDraft),
}

impl Objects {
    /// Creates a dashboard with these charts, three in each row. An item names a chart or describes a new one.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] without WRITE on the group, [`ServiceError::Rejected`] when an item breaks a rule or
    /// neither the request nor a new chart has a name.
    pub async fn create_simple_dashboard(
        &self,
        caller: &Caller,
        name: Option<&str>,
        group_id: Option<Id>,
        items: &[Value],
    ) -> Result<(Object, Vec<Object>), ServiceError> {
        authorize_create(caller.actor())?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(created) => return Ok(created),
        };
        if let Some(group_id) = group_id {
            let group = find_group(&mut write, caller, group_id).await?;
            let actor = acting(&mut write, caller, &[&group.protection]).await?;
            authorize_create_dashboard(&actor, &effective(&group))?;
        }
        let charts = read_items(items)?;
        let first_new = charts.iter().find_map(|chart| match chart {
            SimpleChart::New(draft) => Some(draft.name.clone()),
            SimpleChart::Existing(_) => None,
        });
        let name = name.map(str::to_owned).or(first_new);
        let name = name.ok_or_else(|| reject("name", "is missing, and no new chart has one"))?;
        let (mut ids, mut events) = (Vec::new(), Vec::new());
        for chart in charts {
            match chart {
                SimpleChart::Existing(id) => ids.push(id),
                SimpleChart::New(draft) => {
                    let (chart, event) = self.insert_chart(&mut write, caller, draft).await?;
                    ids.push(chart.id);
                    events.push(event);
                }
            }
        }
        let mut given = Document::new();
        given.insert("name".to_owned(), name.into());
        given.insert("charts".to_owned(), dashboard::simple_positions(&ids));
        if let Some(group_id) = group_id {
            given.insert("groupId".to_owned(), group_id.to_string().into());
        }
        let (placed, more) = self.insert_dashboard(&mut write, caller, &given).await?;
        let charts =
            find_charts(&mut write, caller, &chart_ids(&placed.dashboard.document)).await?;
        let created = (placed.dashboard, charts);
        self.audit
            .commit_creation(write, caller, more.after(events), &created)
            .await?;
        Ok(created)
    }

    /// Copies a dashboard and its charts into a group. The copy inherits the permissions of the group.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] without the group, [`ServiceError::Denied`] without READ on the source or WRITE on
    /// the group, [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn clone_dashboard(
        &self,
        caller: &Caller,
        group_id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(copy) => return Ok(copy),
        };
        let group = find(&mut write, caller, ObjectType::DashboardGroup, group_id).await?;
        let source_id = source_id(given)?;
        let source = find_of(
            &mut write,
            caller.organization_id(),
            ObjectType::Dashboard,
            source_id,
        );
        let Some(source) = source.await? else {
            let what = format!("there is no dashboard {source_id}");
            return Err(reject("sourceDashboard", what).into());
        };
        let source = DashboardInGroup::load(&mut write, source).await?;
        let mut protections = source.protections().to_vec();
        protections.push(&group.protection);
        let actor = acting(&mut write, caller, &protections).await?;
        let target = effective(&group);
        authorize_clone(&actor, &source.effective(), &target)?;
        let mut draft = copy_draft(&source.dashboard, given)?;
        let (mut copies, mut events) = (Vec::new(), Vec::new());
        for chart in find_charts(&mut write, caller, &chart_ids(&source.dashboard.document)).await?
        {
            let copy = ChartDraft {
                name: chart.name,
                document: chart.document,
            };
            let (copy, event) = self.insert_chart(&mut write, caller, copy).await?;
            copies.push((chart.id, copy.id));
            events.push(event);
        }
        draft.document = dashboard::with_charts_replaced(draft.document, &copies);
        check_charts(&mut write, caller, &chart_ids(&draft.document), None).await?;
        let (placed, event) = self
            .place_dashboard(&mut write, caller, group, draft, Protection::Inherit)
            .await?;
        let events = Events::from(event).after(events);
        self.audit
            .commit_creation(write, caller, events, &placed.dashboard)
            .await?;
        Ok(placed.dashboard)
    }
}

fn read_items(items: &[Value]) -> Result<Vec<SimpleChart>, Rejected> {
    let read = |(index, item): (usize, &Value)| {
        let at = |rejected: Rejected| {
            Rejected::field(
                format!("[{index}].{}", rejected.field),
                format!("[{index}].{}", rejected.message),
            )
        };
        let Some(item) = item.as_object() else {
            return Err(reject(format!("[{index}]"), "must be an object"));
        };
        match text(item, "chartId").map_err(at)? {
            Some(id) => Id::parse(id)
                .map(SimpleChart::Existing)
                .map_err(|rejected| at(reject("chartId", format!("Improper ID: {}", rejected.0)))),
            None => ChartDraft::read_simple(item)
                .map(SimpleChart::New)
                .map_err(at),
        }
    };
    items.iter().enumerate().map(read).collect()
}

fn source_id(given: &Document) -> Result<Id, Rejected> {
    let source = text(given, "sourceDashboard")?;
    let source = source.ok_or_else(|| reject("sourceDashboard", "is missing"))?;
    Id::parse(source)
        .map_err(|rejected| reject("sourceDashboard", format!("Improper ID: {}", rejected.0)))
}

/// The source with the fields that the request replaces.
fn copy_draft(source: &Object, given: &Document) -> Result<DashboardDraft, Rejected> {
    let mut document = source.document.clone();
    for field in ["description", "filters", "name"] {
        if let Some(value) = given.get(field).filter(|value| !value.is_null()) {
            document.insert(field.to_owned(), value.clone());
        }
    }
    DashboardDraft::read(&document, Some(&source.name))
}

/// The text of a request's field; `None` when it is absent, `null` or empty.
fn text<'a>(given: &'a Document, field: &str) -> Result<Option<&'a str>, Rejected> {
    match given.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(reject(field, "must be a text")),
    }
}
