resource "signalfx_slack_integration" "main" {
  name        = "Slack ${var.edition}"
  enabled     = true
  webhook_url = "https://hooks.example.com/services/T0/B0/${var.edition}"
}
