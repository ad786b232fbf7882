resource "signalfx_detector" "main" {
  name                    = "Payments are slow ${var.edition}"
  description             = "Latency of payments, ${var.edition}"
  tags                    = ["payments", "production"]
  teams                   = [signalfx_team.main.id]
  max_delay               = 30
  min_delay               = var.edition == "first" ? 10 : 15
  timezone                = "Europe/Paris"
  show_data_markers       = true
  show_event_lines        = true
  disable_sampling        = true
  time_range              = 3600
  authorized_writer_teams = [signalfx_team.main.id]
  authorized_writer_users = data.signalfx_organization_members.main.users

  program_text = <<-EOT
    A = data('payments.latency', filter=filter('stage', 'production')).percentile(99).publish(label='p99')
    detect(when(A > 900, '5m')).publish('Slow for 5 minutes')
    detect(when(A > 500, '30m')).publish('Slow for 30 minutes')
  EOT

  rule {
    description           = "p99 > 900 for 5 minutes"
    severity              = "Critical"
    detect_label          = "Slow for 5 minutes"
    parameterized_subject = "{{ruleSeverity}} ${var.edition}: {{ruleName}}"
    parameterized_body    = "See {{runbookUrl}}"
    runbook_url           = "https://runbooks.example.com/payments"
    tip                   = "Look at the queue first"
    notifications = [
      "PagerDuty,${signalfx_pagerduty_integration.main.id}",
      "Slack,${signalfx_slack_integration.main.id},payments",
      "Team,${signalfx_team.main.id}",
      "TeamEmail,${signalfx_team.main.id}",
      "Email,payments@example.com",
      "Email,first@example.com,copy@example.com|second@example.com,blind@example.com",
      "Opsgenie,${signalfx_opsgenie_integration.main.id},Payments,b1c2d3e4,Team",
      "VictorOps,${signalfx_victor_ops_integration.main.id},payments",
      "Webhook,${signalfx_webhook_integration.main.id},,",
      "Webhook,,secret words,https://hooks.example.com/detector",
      "ServiceNow,${signalfx_service_now_integration.main.id}",
      "BigPanda,${signalfx_big_panda_integration.main.id}",
      "Jira,${signalfx_jira_integration.main.id}",
    ]
    skip_clear_notification_states = ["AUTO_RESOLVED", "STOPPED"]

    reminder_notification {
      interval_ms = 300000
      timeout_ms  = 3600000
      type        = "TIMEOUT"
    }
  }
  rule {
    description   = "p99 > 500 for 30 minutes"
    severity      = "Warning"
    detect_label  = "Slow for 30 minutes"
    disabled      = true
    notifications = ["Email,payments@example.com"]
  }
  viz_options {
    label        = "p99"
    display_name = "p99 ${var.edition}"
    color        = "orange"
    value_unit   = "Millisecond"
    value_prefix = "~"
    value_suffix = "!"
  }
}

resource "signalfx_detector" "bare" {
  name         = "Nothing but a rule ${var.edition}"
  program_text = "detect(when(data('payments.count').sum() < 1)).publish('No payments')"

  rule {
    severity     = "Info"
    detect_label = "No payments"
  }
}
