resource "signalfx_text_chart" "main" {
  name        = "Runbook ${var.edition}"
  description = "What to do"
  markdown    = <<-EOT
    # Payments ${var.edition}
    1. Look at **latency**.
    2. "Call" <on-call>.
  EOT
}
