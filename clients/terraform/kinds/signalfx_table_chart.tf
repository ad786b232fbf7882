resource "signalfx_table_chart" "main" {
  name               = "Table of regions ${var.edition}"
  description        = "By region"
  program_text       = "A = data('payments.count').sum(by=['region']).publish(label='A')"
  unit_prefix        = "Metric"
  group_by           = ["region"]
  max_delay          = 3
  refresh_interval   = 60
  minimum_resolution = 60
  hide_timestamp     = true
  disable_sampling   = true
  timezone           = "Europe/Paris"

  viz_options {
    label        = "A"
    display_name = "Payments ${var.edition}"
  }
}
