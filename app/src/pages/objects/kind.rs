//! Address, title and place in the navigation of each kind of object.

use domain::objects::permissions::ItemKind;

use crate::{
    model::{
        objects::content_kind::{ContentKind, SharedContentKind},
        platform::paths::{
            DASHBOARD_GROUPS, DASHBOARDS, DATA_LINKS, DETECTORS, MUTING_RULES, SLOS,
        },
    },
    ui::page::{
        head::{Breadcrumb, step},
        navigation::Section,
    },
};

/// The path of the list.
#[must_use]
pub fn list_path(kind: impl Into<ContentKind>) -> &'static str {
    match kind.into() {
        ContentKind::Item(ItemKind::DashboardGroup) => DASHBOARD_GROUPS,
        ContentKind::Item(ItemKind::Detector) => DETECTORS,
        ContentKind::Item(ItemKind::Dashboard) => DASHBOARDS,
        ContentKind::Shared(SharedContentKind::AlertMuting) => MUTING_RULES,
        ContentKind::Shared(SharedContentKind::DataLink) => DATA_LINKS,
        ContentKind::Shared(SharedContentKind::Slo) => SLOS,
    }
}

/// The title of the list.
#[must_use]
pub fn list_title(kind: impl Into<ContentKind>) -> &'static str {
    match kind.into() {
        ContentKind::Item(ItemKind::DashboardGroup) => "Dashboard groups",
        ContentKind::Item(ItemKind::Detector) => "Detectors",
        ContentKind::Item(ItemKind::Dashboard) => "Dashboards",
        ContentKind::Shared(SharedContentKind::AlertMuting) => "Alert muting rules",
        ContentKind::Shared(SharedContentKind::DataLink) => "Data links",
        ContentKind::Shared(SharedContentKind::Slo) => "SLOs",
    }
}

/// The section of the navigation.
#[must_use]
pub fn section_of(kind: impl Into<ContentKind>) -> Section {
    match kind.into() {
        ContentKind::Item(ItemKind::DashboardGroup) => Section::DashboardGroups,
        ContentKind::Item(ItemKind::Detector) => Section::Detectors,
        ContentKind::Item(ItemKind::Dashboard) => Section::Dashboards,
        ContentKind::Shared(SharedContentKind::AlertMuting) => Section::MutingRules,
        ContentKind::Shared(SharedContentKind::DataLink) => Section::DataLinks,
        ContentKind::Shared(SharedContentKind::Slo) => Section::Slos,
    }
}

/// The path of an object's page.
#[must_use]
pub fn object_path(kind: impl Into<ContentKind>, id: &str) -> String {
    format!("{}/{id}", list_path(kind))
}

/// The breadcrumbs of a page below an object's page.
#[must_use]
pub fn steps_to(kind: impl Into<ContentKind>, id: &str, name: &str) -> Vec<Breadcrumb> {
    let kind = kind.into();
    vec![
        step(list_path(kind), list_title(kind)),
        step(object_path(kind, id), name),
    ]
}
