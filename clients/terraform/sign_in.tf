# The provider signs in by itself, without a token in the environment.
variable "password" {
  type      = string
  sensitive = true
}

variable "organization_id" {
  type = string
}

provider "signalfx" {
  email           = var.member_email
  password        = var.password
  organization_id = var.organization_id
}

resource "signalfx_text_chart" "main" {
  name     = "Signed in"
  markdown = var.edition
}

# Read by the half of the provider that the chart is not in.
data "signalfx_auto_detector" "main" {}
