resource "signalfx_data_link" "dashboard" {
  property_name  = "service"
  property_value = "payments"

  target_signalfx_dashboard {
    name               = "Latency ${var.edition}"
    is_default         = true
    dashboard_group_id = signalfx_dashboard_group.main.id
    dashboard_id       = signalfx_dashboard.main.id
  }
}

resource "signalfx_data_link" "url" {
  context_dashboard_id = signalfx_dashboard.main.id
  property_name        = "trace_id"
  property_value       = "*"

  target_external_url {
    name                 = "Traces ${var.edition}"
    url                  = "https://traces.example.com/{{value}}"
    time_format          = "EpochSeconds"
    minimum_time_window  = "60000"
    property_key_mapping = { trace_id = "id" }
  }
}

# Its target stays the same: the provider sends an empty target, without a name, beside one that changes.
resource "signalfx_data_link" "logs" {
  property_name  = "host"
  property_value = var.edition

  target_splunk {
    name                 = "Logs"
    property_key_mapping = { host = "hostname" }
  }
}

resource "signalfx_data_link" "application" {
  property_name  = "application"
  property_value = "payments"

  target_appd_url {
    name = "Application ${var.edition}"
    url  = "https://example.saas.appdynamics.com/#/application=1234&component=5678"
  }
}
