//! Dashboards and dashboard groups, gathered from the service as pages show them.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        dashboard_group,
        object::{Document, Object},
        permissions::ItemKind,
    },
    platform::{
        id::Id,
        page::{OffsetPage, Page},
    },
};
use leptos::serde_json::Value;
use service::{Info, InfoAct, ListQuery, Rights, Service};

use crate::{
    error::UiError,
    pages::{
        audit::info::{Did, InfoView},
        objects::{
            dashboard_groups::detail::{GroupView, Place},
            dashboards::{
                detail::{ChartView, DashboardView},
                grid::{self, Cell},
            },
        },
    },
    ui::{
        field::Choices,
        list::PAGE_SIZE,
        object::{May, ObjectPage, ObjectRow},
    },
};
use crate::{
    pages::objects::dashboards::filters::filters_in_words,
    request::context::{set_status, told},
};

/// Reads an object's id as an address has it.
pub(crate) fn id(text: &str) -> Result<Id, UiError> {
    Id::parse(text).map_err(|refused| {
        set_status(404);
        UiError::from(refused)
    })
}

/// A search in names, sorted by a field.
pub(crate) fn by_name(search: String, sort: String) -> ListQuery {
    ListQuery {
        name: search,
        order_by: sort,
        ..ListQuery::default()
    }
}

/// The id that a filter is set to. One that is none is nobody's: the filter finds nothing, as its choice says.
pub(crate) fn chosen(text: &str) -> Option<Id> {
    match text {
        "" => None,
        text => Some(Id::parse(text).unwrap_or(Id::SYSTEM)),
    }
}

/// What a filter offers: ids and names.
pub(crate) fn choices<I: ToString>(named: Vec<(I, String)>) -> Choices {
    let named = named.into_iter();
    named.map(|(id, name)| (id.to_string(), name)).collect()
}

/// A document of these texts, as a form sends them.
pub(crate) fn texts(fields: &[(&str, &str)]) -> Document {
    fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Value::from(*text)))
        .collect()
}

/// The stretch of a list that a page shows.
pub(crate) fn page(page: i64) -> OffsetPage {
    OffsetPage {
        limit: PAGE_SIZE,
        offset: (page - 1).max(0) * PAGE_SIZE,
    }
}

/// Dashboards with the names of their groups.
pub(crate) async fn rows(
    service: &Service,
    caller: &Caller,
    found: Page<Object>,
) -> Result<ObjectPage, UiError> {
    let mut groups: Vec<(Id, Option<String>)> = Vec::new();
    let mut rows = Vec::with_capacity(found.results.len());
    let rights = told(service.rights_on(caller, &found.results).await)?;
    for (object, rights) in found.results.iter().zip(rights) {
        let mut row = row(object, rights);
        if let Some(group_id) = object.parent_id {
            if !groups.iter().any(|(id, _)| *id == group_id) {
                let group = service.find_dashboard_group(caller, group_id).await;
                groups.push((group_id, group.ok().map(|group| group.name)));
            }
            let name = groups.iter().find(|(id, _)| *id == group_id);
            row.group = name.and_then(|(id, name)| Some((id.to_string(), name.clone()?)));
        }
        rows.push(row);
    }
    Ok(ObjectPage {
        count: found.count,
        rows,
    })
}

/// A dashboard with its group and its charts.
pub(crate) async fn dashboard(
    service: &Service,
    caller: &Caller,
    found: Object,
) -> Result<DashboardView, UiError> {
    let mut charts = Vec::new();
    for position in list(&found.document, "charts").filter_map(Value::as_object) {
        let id = Id::parse(text(position, "chartId"));
        if let Ok(id) = id
            && let Ok(chart) = service.find_chart(caller, id).await
        {
            charts.push((Cell::read(position), chart));
        }
    }
    let charts = grid::arranged(charts);
    let filters = filters_in_words(&found.document);
    let one = Page {
        count: 1,
        results: vec![found],
    };
    let row = rows(service, caller, one).await?.rows.pop();
    Ok(DashboardView {
        row: row.ok_or(UiError::Internal)?,
        filters,
        charts: charts
            .into_iter()
            .map(|(cell, chart)| chart_view(&chart, cell))
            .collect(),
    })
}

/// Groups with their dashboards, and how many groups the whole list has.
pub(crate) async fn groups(
    service: &Service,
    caller: &Caller,
    found: Page<Object>,
) -> Result<(i64, Vec<GroupView>), UiError> {
    let mut views = Vec::with_capacity(found.results.len());
    let rights = told(service.rights_on(caller, &found.results).await)?;
    for (object, rights) in found.results.into_iter().zip(rights) {
        views.push(group_with(service, caller, object, rights).await?);
    }
    Ok((found.count, views))
}

/// A group with its dashboards and teams.
pub(crate) async fn group(
    service: &Service,
    caller: &Caller,
    found: Object,
) -> Result<GroupView, UiError> {
    let rights = told(
        service
            .rights_on(caller, std::slice::from_ref(&found))
            .await,
    )?;
    let rights = rights.first().copied().unwrap_or_default();
    group_with(service, caller, found, rights).await
}

async fn group_with(
    service: &Service,
    caller: &Caller,
    found: Object,
    rights: Rights,
) -> Result<GroupView, UiError> {
    let mut places = Vec::new();
    for config in dashboard_group::configs(&found.document) {
        if let Ok(dashboard) = service.find_dashboard(caller, config.dashboard_id).await {
            places.push(Place {
                dashboard_id: dashboard.id.to_string(),
                name: config.name_override.unwrap_or(dashboard.name),
                mirrored: dashboard.parent_id != Some(found.id),
            });
        }
    }
    let mut teams = Vec::new();
    for id in list(&found.document, "teams")
        .filter_map(Value::as_str)
        .filter_map(|id| Id::parse(id).ok())
    {
        let team = told(service.find_team(caller, id).await)?;
        teams.push(team.team.name);
    }
    Ok(GroupView {
        row: row(&found, rights),
        places,
        teams,
    })
}

fn row(object: &Object, rights: Rights) -> ObjectRow {
    ObjectRow {
        id: object.id.to_string(),
        name: object.name.clone(),
        description: text(&object.document, "description").to_owned(),
        may: rights.into(),
        group: None,
        updated_at: object.updated.at,
        updated_by: object.updated.by.actor_name.clone(),
    }
}

fn chart_view(chart: &Object, cell: Cell) -> ChartView {
    let empty = Document::new();
    let options = chart
        .document
        .get("options")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    ChartView {
        name: chart.name.clone(),
        description: text(&chart.document, "description").to_owned(),
        kind: kind_in_words(text(options, "type")),
        program: text(&chart.document, "programText").to_owned(),
        text: text(options, "markdown").to_owned(),
        cell,
    }
}

/// A chart's type as people know it; one we do not know keeps its name.
fn kind_in_words(kind: &str) -> String {
    match kind {
        "TimeSeriesChart" => "Time series",
        "SingleValue" => "Single value",
        "List" => "List",
        "Heatmap" => "Heatmap",
        "TableChart" => "Table",
        "Event" => "Events",
        "LogsChart" => "Logs",
        "Text" => "Text",
        other => other,
    }
    .to_owned()
}

pub(crate) fn text<'a>(document: &'a Document, field: &str) -> &'a str {
    document
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

pub(crate) fn list<'a>(document: &'a Document, field: &str) -> impl Iterator<Item = &'a Value> {
    document
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

impl From<Rights> for May {
    fn from(rights: Rights) -> Self {
        Self {
            edit: rights.write,
            permit: rights.permit,
            delete: rights.delete,
        }
    }
}

impl From<Info> for InfoView {
    fn from(info: Info) -> Self {
        Self {
            name: info.object.name,
            id: info.object.id.to_string(),
            created: Did::from(info.created),
            updated: Did::from(info.updated),
            history: info
                .history
                .map(|history| history.into_iter().map(|recorded| recorded.event).collect()),
        }
    }
}

impl From<InfoAct> for Did {
    fn from(act: InfoAct) -> Self {
        let (by, token) = act.detail.map(|detail| (detail.by, detail.token)).unzip();
        Self {
            at: act.at,
            who: act.actor_name,
            by,
            state: token.flatten().map(|token| token.state),
        }
    }
}

/// A kind of object, by the label in a page's question.
pub(crate) fn kind(label: &str) -> Result<ObjectType, UiError> {
    ObjectType::from_label(label).ok_or_else(|| {
        set_status(404);
        UiError::NotFound("There is no such kind of object.".to_owned())
    })
}

/// The same, of objects that have permissions of their own.
pub(crate) fn item_kind(label: &str) -> Result<ItemKind, UiError> {
    let kind = kind(label)?;
    ItemKind::of(kind).ok_or_else(|| {
        set_status(404);
        UiError::NotFound(format!("A {} has no permissions of its own.", kind.words()))
    })
}
