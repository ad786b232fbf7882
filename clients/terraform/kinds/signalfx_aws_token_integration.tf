resource "signalfx_aws_token_integration" "main" {
  name = "AWS by key"
}
