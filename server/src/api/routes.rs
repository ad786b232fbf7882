//! The table of all routes.

use super::{
    audit,
    identity::{member, organization, role, team},
    ingest::{self, catalog},
    integrations::integration,
    objects::{
        chart, dashboard, dashboard_group, detector, incident, package,
        shared::{
            alert_muting, archival, data_link, directory, email_template, metric_ruleset,
            navigator, slo, template,
        },
        topology,
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
        .and(package::routes())
        .and(chart::routes())
        .and(detector::routes())
        .and(alert_muting::routes())
        .and(data_link::routes())
        .and(slo::routes())
        .and(metric_ruleset::routes())
        .and(archival::routes())
        .and(email_template::routes())
        .and(navigator::routes())
        .and(template::routes())
        .and(directory::routes())
        .and(topology::routes())
        .and(integration::routes())
        .and(team::routes())
        .and(org_token::routes())
        .and(organization::routes())
        .and(member::routes())
        .and(role::routes())
        .and(incident::routes())
        .and(audit::routes::routes())
        .and(audit::log_tree::routes())
        .and(ingest::routes::routes())
        .and(catalog::routes())
        .and(counts::routes())
}
