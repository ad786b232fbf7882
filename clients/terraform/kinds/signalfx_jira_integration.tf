resource "signalfx_jira_integration" "main" {
  name                  = "Jira ${var.edition}"
  enabled               = false
  auth_method           = "UsernameAndPassword"
  username              = "robot"
  password              = "password of the robot"
  base_url              = "https://jira.example.com"
  issue_type            = "Story"
  project_key           = "PAY"
  assignee_name         = "grace"
  assignee_display_name = "Grace Hopper"
}

resource "signalfx_jira_integration" "by_token" {
  name          = "Jira with a token ${var.edition}"
  enabled       = true
  auth_method   = "EmailAndToken"
  user_email    = "robot@example.com"
  api_token     = "token of the robot"
  base_url      = "https://jira.example.com"
  issue_type    = "Bug"
  project_key   = "PAY"
  assignee_name = "grace"
}
