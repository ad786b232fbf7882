resource "signalfx_service_now_integration" "main" {
  name                             = "ServiceNow ${var.edition}"
  enabled                          = true
  username                         = "robot"
  password                         = "password of the robot"
  instance_name                    = "example.service-now.com"
  issue_type                       = "Incident"
  alert_triggered_payload_template = jsonencode({ short_description = "{{{messageTitle}}} ${var.edition}" })
  alert_resolved_payload_template  = jsonencode({ close_notes = "{{{messageTitle}}}" })
}
