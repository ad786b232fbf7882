resource "signalfx_log_view" "main" {
  name               = "Log of payments ${var.edition}"
  description        = "What was logged"
  program_text       = "logs(filter=field('service.name') == 'payments').publish()"
  time_range         = 900
  default_connection = "Cloud"

  columns {
    name = "severity"
  }
  columns {
    name = "time"
  }
  columns {
    name = "message"
  }
  sort_options {
    descending = var.edition != "first"
    field      = "severity"
  }
}
