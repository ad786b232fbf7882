# What one team has for its service: the team, an org token, dashboards, a mirror of another team's dashboard,
# detectors, a muting rule, an objective and a link.
terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

variable "name" {
  type = string
}

variable "edition" {
  type = string
}

variable "chat" {
  description = "The id of a Slack integration."
  type        = string
}

variable "pager" {
  description = "The id of a PagerDuty integration."
  type        = string
}

variable "mirrored" {
  description = "The ids of dashboards of other groups."
  type        = map(string)
  default     = {}
}

resource "signalfx_team" "owners" {
  name                   = "Owners of ${var.name}"
  description            = var.edition
  notifications_default  = ["Email,${var.name}@example.com"]
  notifications_critical = ["PagerDuty,${var.pager}", "Slack,${var.chat},${var.name}"]
}

resource "signalfx_org_token" "agents" {
  name          = "Agents of ${var.name}"
  description   = var.edition
  notifications = ["Team,${signalfx_team.owners.id}"]

  dpm_limits {
    dpm_limit                  = 60000
    dpm_notification_threshold = 50000
  }
}

resource "signalfx_time_chart" "latency" {
  for_each = toset(["p50", "p90", "p99"])

  name         = "${upper(each.key)} of ${var.name} ${var.edition}"
  program_text = "A = data('${var.name}.latency').percentile(${trimprefix(each.key, "p")}).publish(label='${each.key}')"
  plot_type    = "LineChart"
  time_range   = 3600

  viz_options {
    label = each.key
    color = "orange"
  }
  axis_left {
    label          = "ms"
    low_watermark  = 1
    high_watermark = 900
  }
}

resource "signalfx_single_value_chart" "errors" {
  name         = "Errors of ${var.name}"
  description  = var.edition
  program_text = "data('${var.name}.errors').sum(over='1h').publish()"
}

resource "signalfx_text_chart" "notes" {
  name     = "Notes about ${var.name}"
  markdown = "# ${var.name}\n${var.edition}\n"
}

resource "signalfx_dashboard_group" "service" {
  name        = "Service ${var.name}"
  description = var.edition
  teams       = [signalfx_team.owners.id]
}

resource "signalfx_dashboard" "latency" {
  name            = "Latency of ${var.name}"
  description     = var.edition
  dashboard_group = signalfx_dashboard_group.service.id
  time_range      = "-1h"

  grid {
    chart_ids = [for chart in signalfx_time_chart.latency : chart.id]
    width     = 4
    height    = 1
  }
  variable {
    property = "region"
    alias    = "Region"
    values   = ["eu-west-1"]
  }
}

resource "signalfx_dashboard" "errors" {
  name            = "Errors of ${var.name}"
  dashboard_group = signalfx_dashboard_group.service.id
  tags            = [var.name, var.edition]

  chart {
    chart_id = signalfx_single_value_chart.errors.id
    width    = 6
    height   = 1
  }
  chart {
    chart_id = signalfx_text_chart.notes.id
    column   = 6
    width    = 6
    height   = 2
  }
}

resource "signalfx_dashboard_group" "neighbours" {
  name        = "Neighbours of ${var.name}"
  description = var.edition

  dynamic "dashboard" {
    for_each = var.mirrored
    content {
      dashboard_id  = dashboard.value
      name_override = "As ${dashboard.key} sees it, ${var.edition}"

      filter_override {
        property = "service"
        values   = [var.name]
      }
    }
  }
}

resource "signalfx_detector" "slow" {
  name         = "${var.name} is slow"
  description  = var.edition
  tags         = [var.name]
  teams        = [signalfx_team.owners.id]
  program_text = <<-EOT
    A = data('${var.name}.latency').percentile(99).publish(label='p99')
    detect(when(A > 900, '5m')).publish('Slow')
    detect(when(A > 5000, '1m')).publish('Very slow')
  EOT

  rule {
    severity      = "Warning"
    detect_label  = "Slow"
    notifications = ["Slack,${var.chat},${var.name}"]
  }
  rule {
    severity      = "Critical"
    detect_label  = "Very slow"
    runbook_url   = "https://runbooks.example.com/${var.name}/${var.edition}"
    notifications = ["Team,${signalfx_team.owners.id}", "PagerDuty,${var.pager}"]
  }
}

resource "signalfx_alert_muting_rule" "maintenance" {
  description = "Maintenance of ${var.name}, ${var.edition}"
  start_time  = 4102444800
  stop_time   = 4102448400
  detectors   = [signalfx_detector.slow.id]

  recurrence {
    unit  = "d"
    value = 7
  }
}

resource "signalfx_slo" "success" {
  name        = "Requests of ${var.name} succeed"
  description = var.edition
  type        = "RequestBased"

  input {
    program_text       = <<-EOT
      G = data('${var.name}.requests', filter=filter('status', 'ok'))
      T = data('${var.name}.requests')
    EOT
    good_events_label  = "G"
    total_events_label = "T"
  }
  target {
    type              = "RollingWindow"
    slo               = 99.9
    compliance_period = "30d"

    alert_rule {
      type = "BREACH"
      rule {
        severity      = "Major"
        notifications = ["Team,${signalfx_team.owners.id}"]
      }
    }
  }
}

resource "signalfx_data_link" "dashboard" {
  property_name  = "service"
  property_value = var.name

  target_signalfx_dashboard {
    name               = "Latency of ${var.name}"
    dashboard_group_id = signalfx_dashboard_group.service.id
    dashboard_id       = signalfx_dashboard.latency.id
  }
}

output "latency" {
  value = signalfx_dashboard.latency.id
}
