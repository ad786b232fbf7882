data "signalfx_pagerduty_integration" "main" {
  name = signalfx_pagerduty_integration.main.name
}
