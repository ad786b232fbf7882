resource "signalfx_metric_ruleset" "main" {
  metric_name = "payments.latency"
  description = "Where latency goes, ${var.edition}"

  aggregation_rules {
    name        = "By service"
    description = "Without hosts"
    enabled     = true
    matcher {
      type = "dimension"
      filters {
        property       = "stage"
        property_value = ["production", var.edition]
        not            = false
      }
    }
    aggregator {
      type            = "rollup"
      dimensions      = ["service"]
      drop_dimensions = false
      output_name     = "payments.latency.by.service"
    }
  }
  exception_rules {
    name        = "Zone b"
    description = "Zone b stays in real time"
    enabled     = true
    matcher {
      type = "dimension"
      filters {
        property       = "zone"
        property_value = ["b"]
        not            = false
      }
    }
  }
  routing_rule {
    destination = "Archived"
  }
}
