resource "signalfx_slo_chart" "main" {
  slo_id = var.edition == "first" ? signalfx_slo.main.id : signalfx_slo.bare.id
}
