resource "signalfx_single_value_chart" "main" {
  name                    = "Payments today ${var.edition}"
  description             = "A count"
  program_text            = "data('payments.count').sum(over='1d').publish(label='count')"
  color_by                = "Dimension"
  unit_prefix             = "Metric"
  max_delay               = 10
  refresh_interval        = 30
  max_precision           = 2
  timezone                = "Europe/Paris"
  is_timestamp_hidden     = true
  secondary_visualization = "None"
  show_spark_line         = var.edition != "first"

  viz_options {
    label        = "count"
    display_name = "Payments"
    color        = "azure"
    value_suffix = " payments"
  }
}
