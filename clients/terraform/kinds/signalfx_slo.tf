# The provider reads alert rules in the order of their types.
resource "signalfx_slo" "main" {
  name        = "Payments succeed ${var.edition}"
  description = "Of all payments, ${var.edition}"
  type        = "RequestBased"

  input {
    program_text       = "G = data('payments.count', filter=filter('status', 'ok'))\nT = data('payments.count')"
    good_events_label  = "G"
    total_events_label = "T"
  }
  target {
    type              = "RollingWindow"
    slo               = var.edition == "first" ? 99.5 : 99
    compliance_period = "30d"

    alert_rule {
      type = "BREACH"
      rule {
        severity      = "Warning"
        description   = "Too many payments failed"
        notifications = ["Email,payments@example.com", "Slack,${signalfx_slack_integration.main.id},payments"]
        parameters {
          fire_lasting       = "5m"
          percent_of_lasting = 100
        }
      }
    }
    alert_rule {
      type = "BURN_RATE"
      rule {
        severity              = "Critical"
        parameterized_subject = "Budget burns ${var.edition}"
        runbook_url           = "https://runbooks.example.com/payments"
        parameters {
          short_window_1        = "5m"
          long_window_1         = "1h"
          short_window_2        = "30m"
          long_window_2         = "6h"
          burn_rate_threshold_1 = 14.4
          burn_rate_threshold_2 = 6
        }
      }
    }
    alert_rule {
      type = "ERROR_BUDGET_LEFT"
      rule {
        severity = "Major"
        parameters {
          fire_lasting              = "10m"
          percent_of_lasting        = 80
          percent_error_budget_left = 12.5
        }
        reminder_notification {
          interval_ms = 300000
          timeout_ms  = 3600000
          type        = "TIMEOUT"
        }
      }
    }
  }
}

resource "signalfx_slo" "bare" {
  name = "Ledger by month"
  type = "RequestBased"

  input {
    program_text       = "G = data('ledger.count', filter=filter('status', 'ok'))\nT = data('ledger.count')"
    good_events_label  = "G"
    total_events_label = "T"
  }
  target {
    type       = "CalendarWindow"
    slo        = 95
    cycle_type = "month"

    alert_rule {
      type = "BREACH"
      rule {
        severity      = "Warning"
        notifications = ["Email,${var.edition}@example.com"]
      }
    }
  }
}
