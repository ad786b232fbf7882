resource "signalfx_gcp_integration" "main" {
  name                                = "GCP ${var.edition}"
  enabled                             = true
  poll_rate                           = var.edition == "first" ? 300 : 600
  services                            = ["compute", "pubsub"]
  custom_metric_type_domains          = ["istio.io"]
  import_gcp_metrics                  = false
  include_list                        = ["project", "labels"]
  exclude_gce_instances_with_labels   = ["ephemeral"]
  use_metric_source_project_for_quota = true
  named_token                         = signalfx_org_token.main.name

  project_service_keys {
    project_id  = "payments"
    project_key = jsonencode({ type = "service_account", edition = var.edition })
  }
  project_service_keys {
    project_id  = "ledger"
    project_key = jsonencode({ type = "service_account" })
  }
}

resource "signalfx_gcp_integration" "federated" {
  name                                = "GCP with a federated identity ${var.edition}"
  enabled                             = false
  auth_method                         = "WORKLOAD_IDENTITY_FEDERATION"
  services                            = ["storage"]
  workload_identity_federation_config = jsonencode({ type = "external_account" })

  projects {
    sync_mode            = "SELECTED"
    selected_project_ids = ["payments", "ledger"]
  }
}
