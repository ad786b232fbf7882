resource "signalfx_automated_archival_settings" "main" {
  enabled         = true
  lookback_period = "P30D"
  grace_period    = var.edition == "first" ? "P15D" : "P30D"
  ruleset_limit   = 10
}
