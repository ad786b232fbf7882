//! Path, heading and section of the pages of each kind of object.

use domain::objects::permissions::ItemKind;

use crate::ui::navigation::Section;

/// Path of the page that lists objects of a kind.
#[must_use]
pub const fn list_path(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::DashboardGroup => "/dashboard-groups",
        ItemKind::Detector => "/detectors",
        ItemKind::Dashboard => "/dashboards",
    }
}

/// Heading of the page that lists objects of a kind.
#[must_use]
pub const fn list_title(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::DashboardGroup => "Dashboard groups",
        ItemKind::Detector => "Detectors",
        ItemKind::Dashboard => "Dashboards",
    }
}

/// Section of the navigation that the pages of a kind belong to.
#[must_use]
pub const fn section_of(kind: ItemKind) -> Section {
    match kind {
        ItemKind::DashboardGroup => Section::DashboardGroups,
        ItemKind::Detector => Section::Detectors,
        ItemKind::Dashboard => Section::Dashboards,
    }
}
