resource "signalfx_list_chart" "main" {
  name                    = "Slowest hosts ${var.edition}"
  description             = "The slowest hosts"
  program_text            = "data('payments.latency').mean(by=['host']).top(5).publish(label='hosts')"
  unit_prefix             = "Binary"
  color_by                = "Scale"
  max_delay               = 2
  timezone                = "Europe/Paris"
  disable_sampling        = true
  refresh_interval        = 60
  max_precision           = var.edition == "first" ? 2 : 3
  sort_by                 = "-value"
  secondary_visualization = "Sparkline"
  hide_missing_values     = true
  time_range              = 900

  color_scale {
    gt    = 80.5
    color = "red"
  }
  color_scale {
    lte   = 80.5
    color = "green"
  }
  viz_options {
    label        = "hosts"
    display_name = "Hosts"
    color        = "yellow"
    value_unit   = "Byte"
  }
  legend_options_fields {
    property = "sf_metric"
    enabled  = false
  }
  legend_options_fields {
    property = "host"
    enabled  = true
  }
}
