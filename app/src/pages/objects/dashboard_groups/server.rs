//! Dashboard groups, read from the service as pages show them.

use domain::{
    identity::actor::Caller,
    objects::{dashboard_group, object::Object},
    platform::{id::Id, page::Page},
};
use leptos::serde_json::Value;
use service::{Rights, Service};

use crate::request::if_visible;
use crate::{
    error::UiError,
    model::{
        document::items,
        objects::dashboard_group::{GroupView, Place},
    },
    pages::objects::server::row,
    request::report,
};

/// Groups with their dashboards, and how many groups the whole list has.
pub(crate) async fn groups(
    service: &Service,
    caller: &Caller,
    found: Page<Object>,
) -> Result<(i64, Vec<GroupView>), UiError> {
    let mut views = Vec::with_capacity(found.results.len());
    let rights = report(service.objects().rights_on(caller, &found.results).await)?;
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
    let rights = report(
        service
            .objects()
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
        let dashboard = service
            .objects()
            .find_dashboard(caller, config.dashboard_id)
            .await;
        if let Some(dashboard) = if_visible(dashboard)? {
            places.push(Place {
                dashboard_id: dashboard.id.to_string(),
                name: config.name_override.unwrap_or(dashboard.name),
                mirrored: dashboard.parent_id != Some(found.id),
            });
        }
    }
    let mut teams = Vec::new();
    for id in items(&found.document, "teams")
        .filter_map(Value::as_str)
        .filter_map(|id| Id::parse(id).ok())
    {
        let team = report(service.identity().teams().find(caller, id).await)?;
        teams.push(team.team.name);
    }
    Ok(GroupView {
        row: row(&found, rights),
        places,
        teams,
    })
}
