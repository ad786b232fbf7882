//! Address, title and place in the navigation of each kind of object.

use domain::objects::permissions::ItemKind;

use crate::{
    model::platform::paths::{DASHBOARD_GROUPS, DASHBOARDS, DETECTORS},
    ui::page::{
        head::{Breadcrumb, step},
        navigation::Section,
    },
};

/// The path of the list.
#[must_use]
pub const fn list_path(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::DashboardGroup => DASHBOARD_GROUPS,
        ItemKind::Detector => DETECTORS,
        ItemKind::Dashboard => DASHBOARDS,
    }
}

/// The title of the list.
#[must_use]
pub const fn list_title(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::DashboardGroup => "Dashboard groups",
        ItemKind::Detector => "Detectors",
        ItemKind::Dashboard => "Dashboards",
    }
}

/// The section of the navigation.
#[must_use]
pub const fn section_of(kind: ItemKind) -> Section {
    match kind {
        ItemKind::DashboardGroup => Section::DashboardGroups,
        ItemKind::Detector => Section::Detectors,
        ItemKind::Dashboard => Section::Dashboards,
    }
}

/// The path of an object's page.
#[must_use]
pub fn object_path(kind: ItemKind, id: &str) -> String {
    format!("{}/{id}", list_path(kind))
}

/// The breadcrumbs of a page below an object's page.
#[must_use]
pub fn steps_to(kind: ItemKind, id: &str, name: &str) -> Vec<Breadcrumb> {
    vec![
        step(list_path(kind), list_title(kind)),
        step(object_path(kind, id), name),
    ]
}
