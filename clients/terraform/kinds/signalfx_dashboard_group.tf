resource "signalfx_dashboard_group" "main" {
  name        = "Payments ${var.edition}"
  description = "Dashboards of payments, ${var.edition}"
  teams       = [signalfx_team.main.id]

  import_qualifier {
    metric = "payments.latency"
    filters {
      property = "service"
      values   = ["payments", var.edition]
      negated  = false
    }
  }
}

# A group with a mirror of another group's dashboard, and with permissions.
resource "signalfx_dashboard_group" "mirrors" {
  name        = "Ledger"
  description = "Mirrors of dashboards of payments, ${var.edition}"

  permissions {
    principal_id   = signalfx_team.main.id
    principal_type = "TEAM"
    actions        = ["READ", "WRITE"]
  }
  permissions {
    principal_id   = data.signalfx_organization_members.main.users[0]
    principal_type = "USER"
    actions        = var.edition == "first" ? ["READ", "WRITE"] : ["WRITE", "READ"]
  }

  dashboard {
    dashboard_id         = signalfx_dashboard.main.id
    name_override        = "Latency for the ledger ${var.edition}"
    description_override = "As payments have it"

    filter_override {
      property = "service"
      values   = ["ledger", var.edition]
      negated  = false
    }
    variable_override {
      property         = "region"
      values           = ["eu-west-1"]
      values_suggested = ["eu-west-1", "us-east-1"]
    }
  }
  dashboard {
    dashboard_id  = signalfx_dashboard.grid.id
    name_override = "Grid"
  }
}
