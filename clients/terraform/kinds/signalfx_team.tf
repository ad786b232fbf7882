resource "signalfx_team" "main" {
  name        = "Payments ${var.edition}"
  description = "Answers for payments, ${var.edition}"
  members     = data.signalfx_organization_members.main.users

  notifications_default = ["Email,payments@example.com"]
  notifications_critical = [
    "PagerDuty,${signalfx_pagerduty_integration.main.id}",
    "Slack,${signalfx_slack_integration.main.id},payments",
  ]
  notifications_major   = ["VictorOps,${signalfx_victor_ops_integration.main.id},payments"]
  notifications_minor   = ["Opsgenie,${signalfx_opsgenie_integration.main.id},Payments,b1c2d3e4,Team"]
  notifications_warning = ["Webhook,${signalfx_webhook_integration.main.id},,"]
  notifications_info = [
    "Jira,${signalfx_jira_integration.main.id}",
    "Webhook,,secret words,https://hooks.example.com/info",
  ]
}
