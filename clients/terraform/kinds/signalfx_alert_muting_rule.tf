resource "signalfx_alert_muting_rule" "main" {
  description = "Maintenance every week, ${var.edition}"
  start_time  = 4102444800
  stop_time   = var.edition == "first" ? 4102448400 : 4102452000
  detectors   = [signalfx_detector.main.id]

  filter {
    property       = "host"
    property_value = "payments-*"
  }
  filter {
    property       = "stage"
    property_value = "test"
    negated        = true
  }
  recurrence {
    unit  = "w"
    value = 1
  }
}

# A rule that began in the past and has no end.
resource "signalfx_alert_muting_rule" "open" {
  description = "Muted until further notice, ${var.edition}"
  start_time  = 1600000000

  filter {
    property       = "stage"
    property_value = "test"
  }
}
