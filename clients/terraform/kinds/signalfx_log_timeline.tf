resource "signalfx_log_timeline" "main" {
  name               = "Timeline of payments ${var.edition}"
  description        = "How much was logged"
  program_text       = "logs(filter=field('service.name') == 'payments').publish()"
  start_time         = 1798000000
  end_time           = 1798003600
  default_connection = "Cloud"
}
