package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/notification"
	"github.com/signalfx/signalfx-go/team"
)

var teamCases = union(
	replace(teams.cases("Team"), map[string]testCase{"UpdateTeam": updateTeam}),
	map[string]testCase{
		"LinkDashboardGroupToTeam":     linkDashboardGroupToTeam,
		"LinkDetectorToTeam":           linkDetectorToTeam,
		"SearchTeam":                   searchTeam,
		"UnlinkDashboardGroupFromTeam": unlinkDashboardGroupFromTeam,
		"UnlinkDetectorFromTeam":       unlinkDetectorFromTeam,
	},
)

var teams = kind[team.CreateUpdateTeamRequest, team.CreateUpdateTeamRequest, team.Team]{
	create: (*signalfx.Client).CreateTeam,
	get:    (*signalfx.Client).GetTeam,
	update: (*signalfx.Client).UpdateTeam,
	remove: (*signalfx.Client).DeleteTeam,
	id:     func(t *team.Team) string { return t.Id },
	first: func(t *tester) *team.CreateUpdateTeamRequest {
		return &team.CreateUpdateTeamRequest{
			Name: t.unique("SRE"), Description: "first responders", Members: []string{t.server.administrator.id},
			NotificationLists: team.NotificationLists{
				Default: notifications(
					&notification.EmailNotification{Type: "Email", Email: "oncall@example.com"},
					&notification.WebhookNotification{Type: "Webhook", Url: "https://example.com", Secret: "secret"},
				),
				Critical: notifications(&notification.PagerDutyNotification{Type: "PagerDuty", CredentialId: unknown}),
				Major: notifications(&notification.OpsgenieNotification{
					Type: "Opsgenie", CredentialId: unknown,
					ResponderName: "ops", ResponderId: "1", ResponderType: "Team",
				}),
				Minor: notifications(&notification.VictorOpsNotification{
					Type: "VictorOps", CredentialId: unknown, RoutingKey: "ops",
				}),
				Warning: notifications(
					&notification.JiraNotification{Type: "Jira", CredentialId: unknown},
					&notification.ServiceNowNotification{Type: "ServiceNow", CredentialId: unknown},
					&notification.BigPandaNotification{Type: "BigPanda", CredentialId: unknown},
					&notification.XMattersNotification{Type: "XMatters", CredentialId: unknown},
				),
				Info: notifications(
					&notification.SlackNotification{Type: "Slack", CredentialId: unknown, Channel: "info"},
					&notification.Office365Notification{Type: "Office365", CredentialId: unknown},
					&notification.SplunkPlatformNotification{Type: "SplunkPlatform", CredentialId: unknown},
					&notification.AmazonEventBrigeNotification{Type: "AmazonEventBridge", CredentialId: unknown},
					&notification.EmailTemplateNotification{Type: "EmailTemplate", TemplateId: unknown},
					&notification.TeamNotification{Type: "Team", Team: unknown},
					&notification.TeamEmailNotification{Type: "TeamEmail", Team: unknown},
				),
			},
		}
	},
	second: func(t *tester) *team.CreateUpdateTeamRequest {
		return &team.CreateUpdateTeamRequest{
			Name: t.unique("Developers"),
			NotificationLists: team.NotificationLists{
				Info: notifications(&notification.EmailNotification{Type: "Email", Email: "dev@example.com"}),
			},
		}
	},
}

func notifications(values ...any) []*notification.Notification {
	var list []*notification.Notification
	for _, value := range values {
		list = append(list, &notification.Notification{Value: value})
	}
	return list
}

// updateTeam also checks that what the client leaves out is cleared, and that the name is unique.
func updateTeam(t *tester) {
	created := teams.created(t)
	updated := teams.changed(t, created.Id, teams.second(t))
	equal(t, "the number of members", len(updated.Members), 0)
	equal(t, "the description", updated.Description, "")
	equal(t, "the number of default notifications", len(updated.NotificationLists.Default), 0)
	taken := &team.CreateUpdateTeamRequest{Name: teams.created(t).Name}
	_, err := t.UpdateTeam(t.Context(), created.Id, taken)
	fails(t, http.StatusBadRequest, err)
}

func searchTeam(t *tester) {
	name := t.unique("Found")
	var ids []string
	for _, suffix := range []string{" a", " b", " c"} {
		created := create(t, (*signalfx.Client).CreateTeam, &team.CreateUpdateTeamRequest{Name: name + suffix})
		ids = append(ids, created.Id)
	}
	first, err := t.SearchTeam(t.Context(), 2, name, 0, "")
	must(t, err)
	second, err := t.SearchTeam(t.Context(), 2, name, 2, "")
	must(t, err)
	checkPages(t, func(t team.Team) string { return t.Id }, ids, first.Results, second.Results)
	equal(t, "count", second.Count, 3)
}

func linkDetectorToTeam(t *tester) {
	group, detector := teams.created(t), namedDetector(t, t.unique("linked"), "other")
	must(t, t.LinkDetectorToTeam(t.Context(), group.Id, detector))
	checkDetectorLink(t, group.Id, detector, 1)
	fails(t, http.StatusNotFound, t.LinkDetectorToTeam(t.Context(), group.Id, unknown))
}

func unlinkDetectorFromTeam(t *tester) {
	group, detector := teams.created(t), namedDetector(t, t.unique("linked"), "other")
	must(t, t.LinkDetectorToTeam(t.Context(), group.Id, detector))
	must(t, t.UnlinkDetectorFromTeam(t.Context(), group.Id, detector))
	checkDetectorLink(t, group.Id, detector, 0)
}

// checkDetectorLink checks both sides of the link.
func checkDetectorLink(t *tester, teamID, detectorID string, expected int) {
	t.Helper()
	group, err := t.GetTeam(t.Context(), teamID)
	must(t, err)
	same(t, "detectors of the team", group.Detectors, []string{detectorID}[:expected])
	detector, err := t.GetDetector(t.Context(), detectorID)
	must(t, err)
	same(t, "teams of the detector", detector.Teams, []string{teamID}[:expected])
}

func linkDashboardGroupToTeam(t *tester) {
	group, dashboards := teams.created(t), emptyGroup(t)
	must(t, t.LinkDashboardGroupToTeam(t.Context(), group.Id, dashboards))
	checkGroupLink(t, group.Id, dashboards, 1)
	fails(t, http.StatusNotFound, t.LinkDashboardGroupToTeam(t.Context(), group.Id, unknown))
}

func unlinkDashboardGroupFromTeam(t *tester) {
	group, dashboards := teams.created(t), emptyGroup(t)
	must(t, t.LinkDashboardGroupToTeam(t.Context(), group.Id, dashboards))
	must(t, t.UnlinkDashboardGroupFromTeam(t.Context(), group.Id, dashboards))
	checkGroupLink(t, group.Id, dashboards, 0)
}

// checkGroupLink checks both sides of the link.
func checkGroupLink(t *tester, teamID, groupID string, expected int) {
	t.Helper()
	group, err := t.GetTeam(t.Context(), teamID)
	must(t, err)
	equal(t, "the number of groups of the team", len(group.DashboardGroups), expected)
	linked, err := t.GetDashboardGroup(t.Context(), groupID)
	must(t, err)
	equal(t, "the number of teams of the group", len(linked.Teams), expected)
}
