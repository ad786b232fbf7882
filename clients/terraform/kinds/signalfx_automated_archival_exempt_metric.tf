resource "signalfx_automated_archival_exempt_metric" "main" {
  exempt_metrics {
    name = "payments.latency"
  }
  exempt_metrics {
    name = "payments.errors"
  }
}
