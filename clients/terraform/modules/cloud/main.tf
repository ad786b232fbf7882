# The accounts at three clouds that metrics are read from, and the org token they are stored under.
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

resource "signalfx_org_token" "ingest" {
  name        = "Cloud metrics of ${var.name}"
  description = "Ingest, ${var.edition}"
  auth_scopes = ["INGEST"]

  # The provider reports a change for each limit that is left out.
  host_or_usage_limits {
    host_limit                              = 50
    host_notification_threshold             = 45
    container_limit                         = 200
    container_notification_threshold        = 180
    custom_metrics_limit                    = 1000
    custom_metrics_notification_threshold   = 900
    high_res_metrics_limit                  = 10
    high_res_metrics_notification_threshold = 9
  }
}

resource "signalfx_aws_external_integration" "role" {
  name = "AWS of ${var.name}"
}

resource "signalfx_aws_integration" "role" {
  enabled            = true
  integration_id     = signalfx_aws_external_integration.role.id
  external_id        = signalfx_aws_external_integration.role.external_id
  role_arn           = "arn:aws:iam::123456789012:role/${var.name}"
  regions            = ["eu-west-1", "us-east-1"]
  services           = ["AWS/EC2", "AWS/RDS", "AWS/Lambda"]
  poll_rate          = 300
  import_cloud_watch = true
  enable_aws_usage   = true
  named_token        = signalfx_org_token.ingest.name
}

resource "signalfx_aws_token_integration" "key" {
  name = "AWS China of ${var.name}"
}

resource "signalfx_aws_integration" "key" {
  enabled            = true
  integration_id     = signalfx_aws_token_integration.key.id
  token              = "token-${var.name}"
  key                = "key-${var.edition}"
  regions            = ["cn-north-1"]
  poll_rate          = 300
  import_cloud_watch = true
}

resource "signalfx_azure_integration" "subscriptions" {
  name          = "Azure of ${var.name}"
  enabled       = true
  app_id        = "application-${var.name}"
  secret_key    = "secret-${var.edition}"
  tenant_id     = "tenant-${var.name}"
  services      = ["microsoft.compute/virtualmachines", "microsoft.web/sites"]
  subscriptions = ["subscription-1", "subscription-2"]
  named_token   = signalfx_org_token.ingest.name
}

resource "signalfx_gcp_integration" "projects" {
  name        = "GCP of ${var.name}"
  enabled     = true
  poll_rate   = 300
  services    = ["compute", "pubsub"]
  named_token = signalfx_org_token.ingest.name

  project_service_keys {
    project_id  = var.name
    project_key = jsonencode({ type = "service_account", edition = var.edition })
  }
}
