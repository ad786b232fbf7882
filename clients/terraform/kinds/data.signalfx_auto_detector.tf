data "signalfx_auto_detector" "main" {}
