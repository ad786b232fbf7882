resource "signalfx_victor_ops_integration" "main" {
  name     = "On-Call ${var.edition}"
  enabled  = true
  post_url = "https://alert.example.com/integrations/generic/20131114/alert/key/$routing_key"
}
