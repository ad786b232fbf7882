resource "signalfx_pagerduty_integration" "main" {
  name    = "PagerDuty ${var.edition}"
  enabled = var.edition == "first"
  api_key = "0123456789abcdef"
}
