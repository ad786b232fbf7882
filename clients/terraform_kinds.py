"""The kinds of resources and data sources that the Terraform provider has, and how each is tested."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of resource."""

    path: str | None
    """Where the API has its objects by their ids, if it has."""

    not_imported: frozenset[str] = frozenset()
    """Attributes that an import leaves empty: secrets, which the API does not return, and what the provider does not
    read."""

    imports: bool = True
    """Whether the provider can import it."""

    recreated: bool = True
    """Whether the provider creates it again after a deletion by other means. It reports an error for a team, and keeps
    an alert muting rule in its state, whose next update makes the provider crash."""


def integration(*not_imported: str, imports: bool = True) -> Kind:
    """A kind of integration."""
    return Kind("integration", frozenset(not_imported), imports)


RESOURCES = {
    "signalfx_alert_muting_rule": Kind("alertmuting", recreated=False),
    "signalfx_automated_archival_exempt_metric": Kind(None, recreated=False),
    "signalfx_automated_archival_settings": Kind(None, recreated=False),
    "signalfx_aws_external_integration": integration(imports=False),
    "signalfx_aws_integration": integration(imports=False),
    "signalfx_aws_token_integration": integration(imports=False),
    "signalfx_azure_integration": integration("app_id", "secret_key"),
    "signalfx_big_panda_integration": integration("app_key", "token"),
    "signalfx_dashboard": Kind("dashboard", frozenset({"chart", "column", "grid", "tags"})),
    "signalfx_dashboard_group": Kind("dashboardgroup"),
    "signalfx_data_link": Kind("crosslink"),
    "signalfx_detector": Kind("detector"),
    "signalfx_event_feed_chart": Kind("chart"),
    "signalfx_gcp_integration": integration("project_service_keys"),
    "signalfx_heatmap_chart": Kind("chart"),
    "signalfx_jira_integration": integration("api_token", "password"),
    "signalfx_list_chart": Kind("chart"),
    "signalfx_log_timeline": Kind("chart"),
    "signalfx_log_view": Kind("chart"),
    "signalfx_metric_ruleset": Kind("metricruleset"),
    "signalfx_opsgenie_integration": integration("api_key", "api_url"),
    "signalfx_org_token": Kind("token"),
    "signalfx_pagerduty_integration": integration("api_key"),
    "signalfx_service_now_integration": integration("password", "username"),
    "signalfx_single_value_chart": Kind("chart"),
    "signalfx_slack_integration": integration("webhook_url"),
    "signalfx_slo": Kind("slo"),
    "signalfx_slo_chart": Kind("chart"),
    "signalfx_table_chart": Kind("chart"),
    "signalfx_team": Kind("team", recreated=False),
    "signalfx_text_chart": Kind("chart"),
    "signalfx_time_chart": Kind("chart"),
    "signalfx_victor_ops_integration": integration("post_url"),
    "signalfx_webhook_integration": integration(),
}

DATA_SOURCES = {
    "signalfx_auto_detector",
    "signalfx_builtin_dashboards",
    "signalfx_dimension_values",
    "signalfx_organization_members",
    "signalfx_pagerduty_integration",
}

WITHOUT_CHANGE = {
    "signalfx_automated_archival_exempt_metric",
    "signalfx_aws_external_integration",
    "signalfx_aws_token_integration",
}
"""Kinds that the provider replaces when an attribute changes."""

WITHOUT_IMPORT = {name for name, kind in RESOURCES.items() if not kind.imports}
"""Kinds that the provider cannot import."""


def configurations() -> set[str]:
    """The kinds, as the names of their files below `terraform/kinds`."""
    return {*RESOURCES, *(f"data.{name}" for name in DATA_SOURCES)}
