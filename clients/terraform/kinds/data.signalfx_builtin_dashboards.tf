data "signalfx_builtin_dashboards" "main" {}
