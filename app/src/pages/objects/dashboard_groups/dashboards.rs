//! The dashboards of a group, as links.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    model::objects::dashboard_group::GroupDashboard,
    pages::objects::kind::object_path,
    ui::{isolated::Isolated, page::empty::Empty},
};

/// Links to the dashboards, or a text if the list is empty.
#[component]
pub(super) fn Dashboards(dashboards: Vec<GroupDashboard>) -> impl IntoView {
    if dashboards.is_empty() {
        return view! { <Empty title="No dashboards">"This group has no dashboard that you can read."</Empty> }
            .into_any();
    }
    let links = dashboards
        .into_iter()
        .map(|dashboard| {
            let href = object_path(ItemKind::Dashboard, &dashboard.id);
            view! {
                <li>
                    <a href=href><Isolated text=dashboard.name /></a>
                    {dashboard.is_mirrored.then(|| view! { " " <span class="quiet">"from another group"</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="places">{links}</ul> }.into_any()
}
