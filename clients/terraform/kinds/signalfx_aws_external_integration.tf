resource "signalfx_aws_external_integration" "main" {
  name = "AWS by role"
}
