resource "signalfx_webhook_integration" "main" {
  name             = "Webhook ${var.edition}"
  enabled          = true
  url              = "https://hooks.example.com/alerts"
  shared_secret    = "shared between two"
  method           = "PUT"
  payload_template = <<-EOT
    {"incident": "{{{incidentId}}}", "edition": "${var.edition}"}
  EOT

  headers {
    header_key   = "X-Edition"
    header_value = var.edition
  }
  headers {
    header_key   = "Authorization"
    header_value = "Bearer of news"
  }
}

resource "signalfx_webhook_integration" "bare" {
  name    = "Webhook without a method ${var.edition}"
  enabled = false
  url     = "https://hooks.example.com/bare"
}
