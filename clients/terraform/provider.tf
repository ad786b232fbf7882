# The provider is configured by the environment: SFX_API_URL and SFX_AUTH_TOKEN.
terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

# Part of every name and description. A second apply with another value changes every resource that can change.
variable "edition" {
  type    = string
  default = "first"
}

# The email address of a member of the organization.
variable "member_email" {
  type = string
}
