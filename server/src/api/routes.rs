//! The table of all routes.

use super::{
    audit,
    identity::{member, organization, role, team},
    ingest,
    integrations::integration,
    objects::{
        chart, dashboard, dashboard_group, detector, incident,
        shared::{alert_muting, data_link, slo},
    },
    platform::routes::Routes,
    tokens::{org_token, session},
    usage::counts,
};

/// Returns all routes of the API.
pub fn routes() -> Routes {
    session::routes()
        .and(dashboard::routes())
        .and(dashboard_group::routes())
        .and(chart::routes())
        .and(detector::routes())
        .and(alert_muting::routes())
        .and(data_link::routes())
        .and(slo::routes())
        .and(integration::routes())
        .and(team::routes())
        .and(org_token::routes())
        .and(organization::routes())
        .and(member::routes())
        .and(role::routes())
        .and(incident::routes())
        .and(audit::routes::routes())
        .and(ingest::routes::routes())
        .and(counts::routes())
}
