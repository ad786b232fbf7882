resource "signalfx_big_panda_integration" "main" {
  name                             = "BigPanda ${var.edition}"
  enabled                          = true
  app_key                          = "application-key"
  token                            = "token-${var.edition}"
  alert_triggered_payload_template = jsonencode({ status = "critical", summary = "{{{messageTitle}}} ${var.edition}" })
  alert_resolved_payload_template  = jsonencode({ status = "ok", summary = "{{{messageTitle}}}" })
}

resource "signalfx_big_panda_integration" "bare" {
  name    = "BigPanda without templates"
  enabled = false
  app_key = "application-key"
  token   = "token-${var.edition}"
}
