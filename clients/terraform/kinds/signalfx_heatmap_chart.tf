resource "signalfx_heatmap_chart" "main" {
  name               = "Load ${var.edition}"
  description        = "Load of hosts"
  program_text       = "data('cpu.utilization').mean(by=['host', 'zone']).publish()"
  unit_prefix        = "Metric"
  minimum_resolution = 60
  max_delay          = 5
  refresh_interval   = 60
  group_by           = ["zone", "host"]
  sort_by            = "+host"
  hide_timestamp     = var.edition != "first"
  disable_sampling   = true
  timezone           = "Europe/Paris"

  color_scale {
    gte   = 90
    color = "red"
  }
  color_scale {
    lt    = 90
    gte   = 50
    color = "yellow"
  }
  color_scale {
    lt    = 50
    color = "green"
  }
}

resource "signalfx_heatmap_chart" "range" {
  name         = "Range ${var.edition}"
  program_text = "data('cpu.utilization').publish()"

  color_range {
    min_value = 0
    max_value = 100
    color     = "#ff0000"
  }
}
