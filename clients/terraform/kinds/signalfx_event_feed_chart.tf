resource "signalfx_event_feed_chart" "main" {
  name         = "Deployments ${var.edition}"
  description  = "What was deployed"
  program_text = "A = events(eventType='deployment').publish(label='A')"
  time_range   = 86400
}
