resource "signalfx_azure_integration" "main" {
  name                     = "Azure ${var.edition}"
  enabled                  = true
  environment              = "azure"
  poll_rate                = var.edition == "first" ? 300 : 600
  app_id                   = "0b9a4f2e-application"
  secret_key               = "secret key"
  tenant_id                = "5d3c8a71-tenant"
  services                 = ["microsoft.compute/virtualmachines", "microsoft.sql/servers/databases"]
  additional_services      = ["payments/queues", "payments/caches"]
  subscriptions            = ["9f0e-subscription"]
  named_token              = signalfx_org_token.main.name
  sync_guest_os_namespaces = true
  import_azure_monitor     = false
  use_batch_api            = true

  custom_namespaces_per_service {
    service    = "Microsoft.Compute/virtualMachines"
    namespaces = ["monitoringAgent", "payments"]
  }
  resource_filter_rules {
    filter_source = "filter('azure_tag_team', 'payments') and filter('azure_tag_env', '${var.edition}')"
  }
  resource_filter_rules {
    filter_source = "filter('azure_tag_team', 'ledger')"
  }
}

resource "signalfx_azure_integration" "bare" {
  name          = "Azure with defaults ${var.edition}"
  enabled       = false
  app_id        = "0b9a4f2e-application"
  secret_key    = "secret key"
  tenant_id     = "5d3c8a71-tenant"
  services      = ["microsoft.web/sites"]
  subscriptions = ["9f0e-subscription"]
}
