//! Dashboards, dashboard groups, and where a dashboard is placed. Start with `operations` for dashboards and `groups`
//! for their groups. May use what its room `objects` may use.

pub(crate) mod copies;
pub(crate) mod group_delete;
pub(crate) mod group_update;
pub(crate) mod groups;
pub(crate) mod operations;
pub(crate) mod packages;
pub(crate) mod placement;
pub(crate) mod shown;
pub(crate) mod update;
