//! Requests about dashboard groups, and the dashboards that a group shows (docs/contract.md#dashboard-groups).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    objects::dashboard::check_filters,
    platform::{
        document::{Document, kept},
        fields::Fields,
        id::Id,
        limits,
        rejection::Rejected,
    },
};

/// The fields that a group stores as given, besides name, permissions and dashboards.
const FIELDS: &[&str] = &["description", "teams", "importQualifiers"];

/// The field of the stored document that holds the [`DashboardConfig`]s.
const CONFIGS: &str = "dashboardConfigs";

/// An entry of a group that shows a dashboard: its own, or a mirror of another group's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DashboardConfig {
    /// The id of the entry, assigned by the server and stable.
    pub config_id: Id,
    /// The dashboard.
    pub dashboard_id: Id,
    /// The name of the dashboard in this group.
    pub name_override: Option<String>,
    /// The description of the dashboard in this group.
    pub description_override: Option<String>,
    /// Filters that replace those of the dashboard in this group.
    pub filters_override: Option<Document>,
}

impl DashboardConfig {
    /// An entry without overrides.
    #[must_use]
    pub const fn plain(config_id: Id, dashboard_id: Id) -> Self {
        Self {
            config_id,
            dashboard_id,
            name_override: None,
            description_override: None,
            filters_override: None,
        }
    }
}

/// A parsed entry of a request: its id, if given, and what it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigDraft {
    /// The id of the entry, if given.
    pub config_id: Option<Id>,
    /// The entry; its `config_id` is not assigned yet.
    config: DashboardConfig,
}

impl ConfigDraft {
    /// The dashboard of the entry.
    #[must_use]
    pub const fn dashboard_id(&self) -> Id {
        self.config.dashboard_id
    }
}

/// A parsed request for a dashboard group; its references are not looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupDraft {
    /// Its name.
    pub name: String,
    /// Teams it is linked to.
    pub team_ids: Vec<Id>,
    /// Existing dashboards to add; only on create.
    pub dashboard_ids: Vec<Id>,
    /// The entries; `None` when not given.
    pub configs: Option<Vec<ConfigDraft>>,
    /// The fields stored as given, without the entries.
    pub document: Document,
}

impl GroupDraft {
    /// Parses a request. `present_name` is the current name of the group.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#dashboard-groups.
    pub fn read(given: &Document, present_name: Option<&str>) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        let name = fields.name(present_name)?;
        fields.text_within("description", limits::GROUP_DESCRIPTION_CHARACTERS)?;
        fields.each("importQualifiers", |qualifier| {
            qualifier.text("metric")?;
            qualifier.each("filters", |filter| filter.text("property").map(drop))
        })?;
        let mut configs = Vec::new();
        fields.each(CONFIGS, |config| {
            configs.push(read_config(config)?);
            Ok(())
        })?;
        Ok(Self {
            name,
            team_ids: fields.ids("teams")?,
            dashboard_ids: fields.ids("dashboards")?,
            configs: fields.find(CONFIGS).map(|_| configs),
            document: kept(given, FIELDS),
        })
    }
}

fn read_config(config: Fields<'_>) -> Result<ConfigDraft, Rejected> {
    let dashboard_id = config.required("dashboardId", config.id("dashboardId")?)?;
    let override_text = |field| {
        let text = config.text(field)?;
        Ok::<_, Rejected>(text.filter(|text| !text.is_empty()).map(str::to_owned))
    };
    config.within("filtersOverride", check_filters)?;
    Ok(ConfigDraft {
        config_id: config.id("configId")?,
        config: DashboardConfig {
            config_id: Id::SYSTEM,
            dashboard_id,
            name_override: override_text("nameOverride")?,
            description_override: override_text("descriptionOverride")?,
            filters_override: config.object("filtersOverride")?.cloned(),
        },
    })
}

/// The values in responses for fields that were not given.
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("description", json!("")),
        ("teams", json!([])),
        (CONFIGS, json!([])),
        ("importQualifiers", json!([])),
    ]
}

/// The entries of a stored group. The server wrote them, so unreadable ones are skipped.
#[must_use]
pub fn configs(group: &Document) -> Vec<DashboardConfig> {
    let configs = group.get(CONFIGS).cloned().unwrap_or_default();
    serde_json::from_value(configs).unwrap_or_default()
}

/// Replaces the entries of a group.
pub fn set_configs(group: &mut Document, configs: &[DashboardConfig]) {
    group.insert(CONFIGS.to_owned(), json!(configs));
}

/// The entries of a group after a request: in the order of the request, with all own dashboards kept
/// (docs/contract.md#dashboard-groups).
///
/// An entry keeps its id when the request names it, or when it is the only one left for its dashboard. `own` are the
/// group's own dashboards; `new_id` assigns ids to new entries.
///
/// # Errors
/// [`Rejected`] when an existing entry gets another dashboard.
pub fn arranged(
    present: &[DashboardConfig],
    wanted: Option<Vec<ConfigDraft>>,
    own: &[Id],
    mut new_id: impl FnMut() -> Id,
) -> Result<Vec<DashboardConfig>, Rejected> {
    let Some(wanted) = wanted else {
        let kept = present
            .iter()
            .filter(|config| own.contains(&config.dashboard_id));
        return Ok(kept.cloned().collect());
    };
    let named: Vec<Id> = wanted.iter().filter_map(|draft| draft.config_id).collect();
    let mut free: Vec<&DashboardConfig> = present.iter().collect();
    free.retain(|config| !named.contains(&config.config_id));
    let mut arranged = Vec::new();
    for (index, draft) in wanted.into_iter().enumerate() {
        let known = present
            .iter()
            .find(|config| Some(config.config_id) == draft.config_id);
        if known.is_some_and(|config| config.dashboard_id != draft.dashboard_id()) {
            let field = format!("{CONFIGS}[{index}].dashboardId");
            return Err(crate::platform::document::reject(
                field,
                "the dashboard of a known configId cannot change",
            ));
        }
        let same = free
            .iter()
            .position(|config| config.dashboard_id == draft.dashboard_id());
        let config_id = known.or_else(|| same.map(|place| free.remove(place)));
        arranged.push(DashboardConfig {
            config_id: config_id.map_or_else(&mut new_id, |config| config.config_id),
            ..draft.config
        });
    }
    for dashboard_id in own {
        if !arranged
            .iter()
            .any(|config| config.dashboard_id == *dashboard_id)
        {
            let left_out = present
                .iter()
                .find(|config| config.dashboard_id == *dashboard_id);
            let plain = || DashboardConfig::plain(new_id(), *dashboard_id);
            arranged.push(left_out.cloned().unwrap_or_else(plain));
        }
    }
    Ok(arranged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(bits: u64) -> Id {
        Id::from_bits(bits)
    }

    fn wanted(configs: Value) -> Option<Vec<ConfigDraft>> {
        let given = json!({"name": "n", "dashboardConfigs": configs});
        GroupDraft::read(given.as_object().unwrap(), None)
            .unwrap()
            .configs
    }

    fn config(config_id: Option<u64>, dashboard_id: u64) -> Value {
        json!({"configId": config_id.map(id), "dashboardId": id(dashboard_id)})
    }

    /// Entries as (entry, dashboard). Dashboards 1 and 2 are the group's own, in entries 11 and 12; 3 is a mirror in
    /// entry 13.
    fn check(configs: Value, expected: &[(u64, u64)]) {
        let present = [(11, 1), (12, 2), (13, 3)]
            .map(|(place, dashboard)| DashboardConfig::plain(id(place), id(dashboard)));
        let mut next = 20;
        let new_id = || {
            next += 1;
            id(next)
        };
        let arranged = arranged(&present, wanted(configs), &[id(1), id(2)], new_id).unwrap();
        let places: Vec<_> = arranged
            .iter()
            .map(|place| (place.config_id.bits(), place.dashboard_id.bits()))
            .collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn own_dashboards_stay_and_mirrors_follow_the_request() {
        check(Value::Null, &[(11, 1), (12, 2)]);
        check(json!([]), &[(11, 1), (12, 2)]);
        check(
            json!([config(Some(13), 3), config(Some(12), 2)]),
            &[(13, 3), (12, 2), (11, 1)],
        );
        check(
            json!([config(None, 1), config(None, 4)]),
            &[(11, 1), (21, 4), (12, 2)],
        );
        check(
            json!([config(None, 3), config(None, 3)]),
            &[(13, 3), (21, 3), (11, 1), (12, 2)],
        );
    }

    #[test]
    fn the_dashboard_of_an_entry_cannot_change() {
        let present = [DashboardConfig::plain(id(11), id(1))];
        let rejected = arranged(&present, wanted(json!([config(Some(11), 5)])), &[], || {
            id(20)
        });
        assert_eq!(
            rejected.unwrap_err().field,
            "dashboardConfigs[0].dashboardId"
        );
    }

    #[test]
    fn an_entry_requires_a_dashboard_and_limits_its_description() {
        let check = |given: Value, field: &str| {
            let rejected = GroupDraft::read(given.as_object().unwrap(), Some("n")).unwrap_err();
            assert_eq!(rejected.field, field);
        };
        check(
            json!({"dashboardConfigs": [{}]}),
            "dashboardConfigs[0].dashboardId",
        );
        check(json!({"description": "x".repeat(1_025)}), "description");
        check(json!({"teams": ["x"]}), "teams[0]");
        check(json!({"name": ""}), "name");
    }

    #[test]
    fn entries_parse_back() {
        let mut document = Document::new();
        let places = [DashboardConfig::plain(id(1), id(2))];
        set_configs(&mut document, &places);
        assert_eq!(configs(&document), places);
        assert_eq!(document["dashboardConfigs"][0]["nameOverride"], Value::Null);
    }
}
