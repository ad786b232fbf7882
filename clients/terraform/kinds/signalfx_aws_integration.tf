resource "signalfx_aws_integration" "main" {
  enabled                           = true
  integration_id                    = signalfx_aws_external_integration.main.id
  external_id                       = signalfx_aws_external_integration.main.external_id
  role_arn                          = "arn:aws:iam::123456789012:role/${var.edition}"
  regions                           = ["eu-west-1", "us-east-1"]
  poll_rate                         = var.edition == "first" ? 300 : 120
  inactive_metrics_poll_rate        = 1200
  import_cloud_watch                = true
  enable_aws_usage                  = true
  enable_check_large_volume         = true
  sync_custom_namespaces_only       = false
  collect_only_recommended_stats    = true
  metric_streams_managed_externally = false
  named_token                       = signalfx_org_token.main.name

  custom_namespace_sync_rule {
    namespace      = "Payments"
    default_action = "Exclude"
    filter_action  = "Include"
    filter_source  = "filter('stage', '${var.edition}')"
  }
  namespace_sync_rule {
    namespace      = "AWS/EC2"
    default_action = "Exclude"
    filter_action  = "Include"
    filter_source  = "filter('aws_tag_team', 'payments')"
  }
  namespace_sync_rule {
    namespace = "AWS/RDS"
  }
  metric_stats_to_sync {
    namespace = "AWS/EC2"
    metric    = "NetworkPacketsIn"
    stats     = ["mean", "upper"]
  }
}

resource "signalfx_aws_integration" "by_key" {
  enabled                      = var.edition == "first"
  integration_id               = signalfx_aws_token_integration.main.id
  token                        = "AKIAEXAMPLE"
  key                          = "secret key"
  regions                      = ["eu-central-1"]
  poll_rate                    = 60
  import_cloud_watch           = true
  services                     = ["AWS/Lambda", "AWS/SQS"]
  custom_cloudwatch_namespaces = ["Billing", "Payments"]
}
