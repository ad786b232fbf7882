resource "signalfx_opsgenie_integration" "main" {
  name    = "Opsgenie ${var.edition}"
  enabled = true
  api_key = "opsgenie-${var.edition}"
  api_url = "https://api.eu.opsgenie.example.com"
}
