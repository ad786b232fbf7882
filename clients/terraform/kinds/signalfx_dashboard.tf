resource "signalfx_dashboard" "main" {
  name                        = "Latency ${var.edition}"
  description                 = "Latency of payments, ${var.edition}"
  dashboard_group             = signalfx_dashboard_group.main.id
  time_range                  = var.edition == "first" ? "-30m" : "-1h"
  charts_resolution           = "high"
  tags                        = ["payments", var.edition]
  discovery_options_query     = "_exists_:payments.latency"
  discovery_options_selectors = ["sf_key:host"]

  chart {
    chart_id = signalfx_time_chart.main.id
    row      = 0
    column   = 0
    width    = 12
    height   = var.edition == "first" ? 1 : 2
  }
  chart {
    chart_id = signalfx_list_chart.main.id
    row      = 2
    column   = 6
    width    = 6
    height   = 1
  }

  filter {
    property       = "collector"
    values         = ["cpu", "Diamond"]
    negated        = false
    apply_if_exist = true
  }
  filter {
    property = "stage"
    values   = ["test"]
    negated  = true
  }
  variable {
    property               = "region"
    alias                  = "Region"
    description            = "Where payments run"
    values                 = ["eu-west-1"]
    values_suggested       = ["eu-west-1", "us-east-1"]
    value_required         = true
    restricted_suggestions = true
    replace_only           = true
    apply_if_exist         = true
  }
  variable {
    property = "host"
    alias    = "Host"
    values   = []
  }
  event_overlay {
    line   = true
    label  = "Deployments"
    color  = "magenta"
    signal = "deployment"
    type   = "eventTimeSeries"
    source {
      property = "service"
      values   = ["payments"]
      negated  = true
    }
  }
  event_overlay {
    label  = "Alerts"
    signal = "Payments are slow"
    type   = "detectorEvents"
  }
  selected_event_overlay {
    signal = "deployment"
    type   = "eventTimeSeries"
    source {
      property = "service"
      values   = ["payments"]
      negated  = true
    }
  }
}

resource "signalfx_dashboard" "grid" {
  name            = "Grid"
  description     = var.edition
  dashboard_group = signalfx_dashboard_group.main.id
  start_time      = 1798000000
  end_time        = 1798003600

  grid {
    chart_ids = [
      signalfx_single_value_chart.main.id,
      signalfx_heatmap_chart.main.id,
      signalfx_text_chart.main.id,
      signalfx_table_chart.main.id,
    ]
    width  = 4
    height = 1
  }
  permissions {
    parent = signalfx_dashboard_group.main.id
  }
}

resource "signalfx_dashboard" "column" {
  name            = "Column ${var.edition}"
  dashboard_group = signalfx_dashboard_group.main.id

  column {
    chart_ids = [signalfx_log_view.main.id, signalfx_log_timeline.main.id, signalfx_event_feed_chart.main.id]
    width     = 12
    height    = 2
  }
  permissions {
    acl {
      principal_id   = signalfx_team.main.id
      principal_type = "TEAM"
      actions        = ["READ", "WRITE"]
    }
    acl {
      principal_id   = data.signalfx_organization_members.main.users[0]
      principal_type = "USER"
      actions        = ["READ", "WRITE"]
    }
  }
}
