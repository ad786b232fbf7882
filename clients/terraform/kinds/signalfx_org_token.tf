resource "signalfx_org_token" "main" {
  name          = "Payments hosts 100% a/b"
  description   = "Agents on hosts, ${var.edition}"
  auth_scopes   = ["API", "INGEST"]
  notifications = ["Email,tokens@example.com", "Team,${signalfx_team.main.id}"]

  host_or_usage_limits {
    host_limit                              = 100
    host_notification_threshold             = 90
    container_limit                         = 400
    container_notification_threshold        = 360
    custom_metrics_limit                    = 5000
    custom_metrics_notification_threshold   = 4500
    high_res_metrics_limit                  = 50
    high_res_metrics_notification_threshold = 45
  }
}

resource "signalfx_org_token" "datapoints" {
  name        = "Payments datapoints ${var.edition}"
  description = "Limited by datapoints"
  disabled    = var.edition != "first"

  dpm_limits {
    dpm_limit                  = var.edition == "first" ? 60000 : 30000
    dpm_notification_threshold = 20000
  }
}

resource "signalfx_org_token" "bare" {
  name        = "Payments browser"
  description = var.edition
  auth_scopes = ["RUM"]
}
