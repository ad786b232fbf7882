data "signalfx_organization_members" "main" {
  emails = [var.member_email]
}
