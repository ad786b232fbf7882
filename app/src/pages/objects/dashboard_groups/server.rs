//! Dashboard groups, read from the service as their pages show them.

use domain::{
    identity::actor::Caller,
    objects::{dashboard_group, object::Object},
    platform::{id::Id, page::Page},
};
use leptos::serde_json::Value;
use service::{Rights, Service};

use crate::{
    error::UiError,
    model::{
        document::items,
        objects::dashboard_group::{GroupDashboard, GroupView},
    },
    pages::objects::server::{rights_on, row},
    request::{if_visible, report},
};

/// Groups with their dashboards, and the number of groups in the whole list.
pub(super) async fn groups(
    service: &Service,
    caller: &Caller,
    found: Page<Object>,
) -> Result<(i64, Vec<GroupView>), UiError> {
    let mut views = Vec::with_capacity(found.results.len());
    let rights = report(service.objects().rights_on(caller, &found.results).await)?;
    for (group, rights) in found.results.iter().zip(rights) {
        views.push(view(service, caller, group, rights).await?);
    }
    Ok((found.count, views))
}

/// A group with its dashboards and teams.
pub(super) async fn group(
    service: &Service,
    caller: &Caller,
    found: Object,
) -> Result<GroupView, UiError> {
    let rights = rights_on(service, caller, &found).await?;
    view(service, caller, &found, rights).await
}

async fn view(
    service: &Service,
    caller: &Caller,
    group: &Object,
    rights: Rights,
) -> Result<GroupView, UiError> {
    Ok(GroupView {
        row: row(group, rights),
        dashboards: dashboards(service, caller, group).await?,
        teams: team_names(service, caller, group).await?,
    })
}

/// The dashboards that the caller can read.
async fn dashboards(
    service: &Service,
    caller: &Caller,
    group: &Object,
) -> Result<Vec<GroupDashboard>, UiError> {
    let mut dashboards = Vec::new();
    for config in dashboard_group::configs(&group.document) {
        let id = config.dashboard_id;
        let found = service.objects().find_dashboard(caller, id).await;
        if let Some(found) = if_visible(found)? {
            dashboards.push(GroupDashboard {
                id: found.id.to_string(),
                name: config.name_override.unwrap_or(found.name),
                is_mirrored: found.parent_id != Some(group.id),
            });
        }
    }
    Ok(dashboards)
}

async fn team_names(
    service: &Service,
    caller: &Caller,
    group: &Object,
) -> Result<Vec<String>, UiError> {
    let mut names = Vec::new();
    let ids = items(&group.document, "teams").filter_map(Value::as_str);
    for id in ids.filter_map(|id| Id::parse(id).ok()) {
        let found = service.identity().teams().find(caller, id).await;
        names.extend(if_visible(found)?.map(|found| found.team.name));
    }
    Ok(names)
}
