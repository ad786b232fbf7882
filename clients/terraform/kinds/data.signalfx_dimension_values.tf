data "signalfx_dimension_values" "main" {
  query = "key:host"
}
