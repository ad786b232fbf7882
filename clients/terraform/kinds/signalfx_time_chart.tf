resource "signalfx_time_chart" "main" {
  name                      = "Latency ${var.edition}"
  description               = "Latency of payments, ${var.edition}"
  program_text              = <<-EOT
    A = data('payments.latency').percentile(99).publish(label='p99')
    events(eventType='deployment').publish(label='deployments')
  EOT
  plot_type                 = "AreaChart"
  unit_prefix               = "Binary"
  color_by                  = "Metric"
  time_range                = 3600
  minimum_resolution        = 30
  max_delay                 = 15
  timezone                  = "Europe/Paris"
  axes_precision            = 4
  axes_include_zero         = true
  disable_sampling          = true
  show_data_markers         = true
  show_event_lines          = true
  stacked                   = var.edition != "first"
  on_chart_legend_dimension = "plot_label"

  axis_left {
    label                = "ms"
    min_value            = 0.5
    max_value            = 1000
    high_watermark       = 900
    high_watermark_label = "slow"
    low_watermark        = 1
    low_watermark_label  = "fast"
  }
  axis_right {
    label = "events"
  }
  viz_options {
    label        = "p99"
    display_name = "p99 ${var.edition}"
    axis         = "right"
    color        = "orange"
    plot_type    = "LineChart"
    value_unit   = "Millisecond"
    value_prefix = "~"
    value_suffix = "!"
  }
  event_options {
    label        = "deployments"
    display_name = "Deployments"
    color        = "magenta"
  }
  legend_options_fields {
    property = "host"
    enabled  = false
  }
  legend_options_fields {
    property = "service"
    enabled  = true
  }
}

resource "signalfx_time_chart" "histogram" {
  name         = "Distribution ${var.edition}"
  program_text = "data('payments.size').publish(label='size')"
  plot_type    = "Histogram"
  start_time   = 1798000000
  end_time     = 1798003600

  histogram_options {
    color_theme = "red"
  }
}

resource "signalfx_time_chart" "bare" {
  name         = "Nothing but a program"
  description  = var.edition
  program_text = "data('payments.count').publish()"
}
