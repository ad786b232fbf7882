# What only administrators change, and what only its listed writers change.
data "signalfx_organization_members" "writers" {
  count  = var.writer == "" ? 1 : 0
  emails = [var.member_email]
}

# Part of every name.
variable "owner" {
  type = string
}

# The id of the only listed writer. Members of the organization are read when it is absent, which administrators may.
variable "writer" {
  type    = string
  default = ""
}

locals {
  writers = var.writer == "" ? data.signalfx_organization_members.writers[0].users : [var.writer]
}

resource "signalfx_team" "protected" {
  name        = "Protected from ${var.owner}"
  description = var.edition
}

resource "signalfx_org_token" "protected" {
  name        = "Protected from ${var.owner}"
  description = var.edition
}

resource "signalfx_slack_integration" "protected" {
  name        = "Protected ${var.edition}"
  enabled     = true
  webhook_url = "https://hooks.example.com/protected"
}

resource "signalfx_aws_external_integration" "protected" {
  name = "Protected from ${var.owner}"
}

resource "signalfx_aws_integration" "protected" {
  enabled            = false
  integration_id     = signalfx_aws_external_integration.protected.id
  external_id        = signalfx_aws_external_integration.protected.external_id
  role_arn           = "arn:aws:iam::123456789012:role/${var.edition}"
  regions            = ["eu-west-1"]
  import_cloud_watch = true
}

resource "signalfx_big_panda_integration" "protected" {
  name    = "Protected ${var.edition}"
  enabled = true
  app_key = "application"
  token   = "token"
}

resource "signalfx_dashboard_group" "protected" {
  name                    = "Protected from ${var.owner}"
  description             = var.edition
  authorized_writer_users = local.writers
}

resource "signalfx_detector" "protected" {
  name                    = "Protected from ${var.owner}"
  description             = var.edition
  authorized_writer_users = local.writers
  program_text            = "detect(when(data('payments.count').sum() < 1)).publish('No payments')"

  rule {
    severity     = "Info"
    detect_label = "No payments"
  }
}
