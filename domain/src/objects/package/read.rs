//! Reading packages: what is in them becomes requests for new objects.

use std::{collections::HashMap, sync::Arc};

use serde_json::{Value, json};

use super::package_type::PackageType;
use crate::{
    objects::{chart::ChartDraft, dashboard::DashboardDraft, dashboard_group::GroupDraft},
    platform::{
        document::{Document, reject},
        id::Id,
        limits,
        rejection::Rejected,
    },
};

/// The fields of an object that belong to the organization that it was exported from.
const OF_THE_ORGANIZATION: &[&str] =
    &["id", "groupId", "permissions", "authorizedWriters", "teams"];

/// The content of a package, which becomes new objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// The group; `None` in a package of one dashboard.
    pub group: Option<Document>,
    /// The dashboards, in order.
    pub dashboards: Vec<PackagedDashboard>,
}

/// A dashboard in a package.
#[derive(Debug, Clone, PartialEq)]
pub struct PackagedDashboard {
    /// Where it is in the package, for errors.
    pub place: String,
    /// Its id in the package.
    pub source_id: String,
    /// A request for it. Its charts have the ids of the package.
    pub document: Document,
    /// The charts on it, each once, with their ids in the package.
    pub charts: Vec<(String, Arc<ChartDraft>)>,
}

impl Package {
    /// Parses a package and everything in it.
    ///
    /// # Errors
    /// [`Rejected`] names the place that breaks a rule of docs/contract.md#packages.
    pub fn read(given: &Document, expected: PackageType) -> Result<Self, Rejected> {
        let label = expected.label();
        match given.get("packageType") {
            None | Some(Value::Null) => {}
            Some(Value::String(kind)) if kind == label => {}
            Some(_) => return Err(reject("packageType", format!("must be {label}"))),
        }
        let charts = read_charts(given)?;
        let group = match expected {
            PackageType::Dashboard => None,
            PackageType::Group => Some(read_group(given)?),
        };
        let dashboards = match expected {
            PackageType::Dashboard => {
                let place = "dashboardExport.dashboard".to_owned();
                let wrapper = given
                    .get("dashboardExport")
                    .and_then(|found| found.get("dashboard"));
                vec![read_dashboard(place, wrapper, &charts)?]
            }
            PackageType::Group => items(given, "dashboardExports", limits::PACKAGE_DASHBOARDS)?
                .iter()
                .enumerate()
                .map(|(index, wrapper)| {
                    let place = format!("dashboardExports[{index}].dashboard");
                    read_dashboard(place, wrapper.get("dashboard"), &charts)
                })
                .collect::<Result<_, _>>()?,
        };
        check_copies(&dashboards)?;
        Ok(Self { group, dashboards })
    }
}

impl PackagedDashboard {
    /// The request with the ids of the charts that were created for it, in a group.
    #[must_use]
    pub fn request(&self, chart_ids: &HashMap<&str, Id>, group_id: Option<Id>) -> Document {
        let mut document = self.document.clone();
        let places = document.get_mut("charts").and_then(Value::as_array_mut);
        for place in places.into_iter().flatten() {
            let source_id = place["chartId"].as_str().unwrap_or_default();
            if let Some(id) = chart_ids.get(source_id) {
                place["chartId"] = json!(id);
            }
        }
        if let Some(group_id) = group_id {
            document.insert("groupId".to_owned(), json!(group_id));
        }
        document
    }

    /// A rejection of the dashboard as one of the package.
    #[must_use]
    pub fn at(&self, rejected: Rejected) -> Rejected {
        within(&self.place, rejected)
    }
}

/// The entries of a group with the ids of the dashboards that were created for it. An entry of another dashboard, which
/// is a mirror, is left out.
#[must_use]
pub fn group_entries(group: &Document, dashboard_ids: &HashMap<&str, Id>) -> Document {
    let mut document = group.clone();
    if let Some(entries) = document
        .get_mut("dashboardConfigs")
        .and_then(Value::as_array_mut)
    {
        entries.retain_mut(|entry| {
            let source_id = entry["dashboardId"].as_str().unwrap_or_default();
            let Some(id) = dashboard_ids.get(source_id) else {
                return false;
            };
            entry["dashboardId"] = json!(id);
            entry["configId"] = Value::Null;
            true
        });
    }
    document
}

fn items<'a>(given: &'a Document, field: &str, most: usize) -> Result<&'a [Value], Rejected> {
    match given.get(field) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) if items.len() > most => {
            Err(reject(field, format!("has more than {most} items")))
        }
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(reject(field, "must be a list")),
    }
}

fn object<'a>(place: &str, value: Option<&'a Value>) -> Result<&'a Document, Rejected> {
    match value {
        None | Some(Value::Null) => Err(reject(place, "is missing")),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(reject(place, "must be an object")),
    }
}

/// Places a rejection of an object in the package.
fn within(place: &str, rejected: Rejected) -> Rejected {
    Rejected::field(
        format!("{place}.{}", rejected.field),
        format!("{place}.{}", rejected.message),
    )
}

/// Each dashboard gets its own copy of the charts on it, so that a small package could become many charts.
fn check_copies(dashboards: &[PackagedDashboard]) -> Result<(), Rejected> {
    let copies = || dashboards.iter().flat_map(|dashboard| &dashboard.charts);
    let most = limits::PACKAGE_CHARTS;
    if copies().count() > most {
        let what = format!("would become more than {most} charts");
        return Err(reject("chartExports", what));
    }
    let bytes =
        |chart: &ChartDraft| serde_json::to_vec(&chart.document).map_or(0, |json| json.len());
    let most = limits::PACKAGE_CHART_BYTES;
    // Stops at the limit, because a chart may be large and on every dashboard.
    let left = copies().try_fold(most, |left, (_, chart)| left.checked_sub(bytes(chart)));
    match left {
        Some(_) => Ok(()),
        None => {
            let what = format!("would become charts with more than {most} bytes");
            Err(reject("chartExports", what))
        }
    }
}

fn read_charts(given: &Document) -> Result<HashMap<String, Arc<ChartDraft>>, Rejected> {
    let mut charts = HashMap::new();
    for (index, wrapper) in items(given, "chartExports", limits::PACKAGE_CHARTS)?
        .iter()
        .enumerate()
    {
        let place = format!("chartExports[{index}].chart");
        let chart = object(&place, wrapper.get("chart"))?;
        let draft = ChartDraft::read(chart, None).map_err(|rejected| within(&place, rejected))?;
        charts.insert(source_id(&place, chart)?, Arc::new(draft));
    }
    Ok(charts)
}

fn source_id(place: &str, object: &Document) -> Result<String, Rejected> {
    let id = object.get("id").and_then(Value::as_str);
    id.filter(|id| !id.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| reject(format!("{place}.id"), "is missing"))
}

fn read_dashboard(
    place: String,
    dashboard: Option<&Value>,
    charts: &HashMap<String, Arc<ChartDraft>>,
) -> Result<PackagedDashboard, Rejected> {
    let dashboard = object(&place, dashboard)?;
    let source_id = source_id(&place, dashboard)?;
    let mut document = dashboard.clone();
    document.retain(|field, _| !OF_THE_ORGANIZATION.contains(&field.as_str()));
    let mut on_it: Vec<(String, Arc<ChartDraft>)> = Vec::new();
    for (index, position) in items(dashboard, "charts", limits::LIST_ITEMS)
        .map_err(|rejected| within(&place, rejected))?
        .iter()
        .enumerate()
    {
        let position = object(&format!("{place}.charts[{index}]"), Some(position))?;
        let chart_id = position.get("chartId").and_then(Value::as_str);
        let chart_id = chart_id.unwrap_or_default();
        let Some(chart) = charts.get(chart_id) else {
            let field = format!("{place}.charts[{index}].chartId");
            return Err(reject(field, "names no chart of chartExports"));
        };
        if !on_it.iter().any(|(known, _)| known == chart_id) {
            on_it.push((chart_id.to_owned(), Arc::clone(chart)));
        }
    }
    let packaged = PackagedDashboard {
        place,
        source_id,
        document,
        charts: on_it,
    };
    // Ids in the package may have another form than ours.
    let some_ids: HashMap<&str, Id> = packaged
        .charts
        .iter()
        .map(|(source_id, _)| (source_id.as_str(), Id::SYSTEM))
        .collect();
    DashboardDraft::read(&packaged.request(&some_ids, None), None)
        .map_err(|rejected| packaged.at(rejected))?;
    Ok(packaged)
}

fn read_group(given: &Document) -> Result<Document, Rejected> {
    let place = "groupExport.group";
    let wrapper = given
        .get("groupExport")
        .and_then(|found| found.get("group"));
    let mut group = object(place, wrapper)?.clone();
    group.retain(|field, _| !OF_THE_ORGANIZATION.contains(&field.as_str()));
    // The dashboards of the package are those that are created.
    group.shift_remove("dashboards");
    let entries = items(&group, "dashboardConfigs", limits::LIST_ITEMS);
    let entries = entries.map_err(|rejected| within(place, rejected))?;
    for (index, entry) in entries.iter().enumerate() {
        object(&format!("{place}.dashboardConfigs[{index}]"), Some(entry))?;
    }
    let without_ids = group_entries(&group, &HashMap::new());
    GroupDraft::read(&without_ids, None).map_err(|rejected| within(place, rejected))?;
    Ok(group)
}
