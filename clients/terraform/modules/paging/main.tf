# The integrations that one department pages people with.
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

resource "signalfx_slack_integration" "chat" {
  name        = "Slack of ${var.name}"
  enabled     = true
  webhook_url = "https://hooks.example.com/services/${var.name}/${var.edition}"
}

resource "signalfx_pagerduty_integration" "pager" {
  name    = "PagerDuty of ${var.name}"
  enabled = true
  api_key = "pagerduty-${var.edition}"
}

resource "signalfx_opsgenie_integration" "opsgenie" {
  name    = "Opsgenie of ${var.name}"
  enabled = true
  api_key = "opsgenie-${var.edition}"
  api_url = "https://api.opsgenie.example.com"
}

resource "signalfx_victor_ops_integration" "on_call" {
  name     = "On-Call of ${var.name}"
  enabled  = true
  post_url = "https://alert.example.com/integrations/generic/${var.name}/alert/key/$routing_key"
}

resource "signalfx_big_panda_integration" "panda" {
  name    = "BigPanda of ${var.name}"
  enabled = true
  app_key = "application-${var.name}"
  token   = "token-${var.edition}"
}

resource "signalfx_webhook_integration" "hook" {
  name          = "Webhook of ${var.name}"
  enabled       = true
  url           = "https://hooks.example.com/${var.name}"
  shared_secret = "secret of ${var.name}"

  headers {
    header_key   = "X-Department"
    header_value = var.name
  }
}

resource "signalfx_jira_integration" "tickets" {
  name          = "Jira of ${var.name}"
  enabled       = true
  auth_method   = "EmailAndToken"
  user_email    = "robot@example.com"
  api_token     = "token-${var.edition}"
  base_url      = "https://jira.example.com"
  issue_type    = "Bug"
  project_key   = upper(substr(var.name, 0, 3))
  assignee_name = "grace"
}

resource "signalfx_service_now_integration" "desk" {
  name          = "ServiceNow of ${var.name}"
  enabled       = true
  username      = "robot"
  password      = "password-${var.edition}"
  instance_name = "example.service-now.com"
  issue_type    = "Incident"
}

output "chat" {
  value = signalfx_slack_integration.chat.id
}

output "pager" {
  value = signalfx_pagerduty_integration.pager.id
}
