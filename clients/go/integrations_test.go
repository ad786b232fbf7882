package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/integration"
)

// integrationCases are those of integrations that notify, and of the methods for all integrations.
var integrationCases = union(
	bigPanda.cases("BigPandaIntegration"),
	jira.cases("JiraIntegration"),
	opsgenie.cases("OpsgenieIntegration"),
	pagerDuty.cases("PagerDutyIntegration"),
	serviceNow.cases("ServiceNowIntegration"),
	slack.cases("SlackIntegration"),
	victorOps.cases("VictorOpsIntegration"),
	webhook.cases("WebhookIntegration"),
	map[string]testCase{
		"DeleteIntegration":             deleteIntegration,
		"GetIntegration":                getIntegration,
		"GetPagerDutyIntegrationByName": getPagerDutyIntegrationByName,
	},
)

var bigPanda = document[integration.BigPandaIntegration]{
	create: (*signalfx.Client).CreateBigPandaIntegration,
	get:    (*signalfx.Client).GetBigPandaIntegration,
	update: (*signalfx.Client).UpdateBigPandaIntegration,
	remove: (*signalfx.Client).DeleteBigPandaIntegration,
	id:     func(i *integration.BigPandaIntegration) string { return i.Id },
	first: func(t *tester) *integration.BigPandaIntegration {
		return &integration.BigPandaIntegration{
			Type: integration.BIG_PANDA, Name: t.unique("BigPanda"), Enabled: true,
			AppKey: "first", Token: "secret of BigPanda",
			AlertTriggeredPayloadTemplate: `{"state": "{{state}}"}`,
			AlertResolvedPayloadTemplate:  `{"state": "ok"}`,
		}
	},
	second: func(t *tester) *integration.BigPandaIntegration {
		return &integration.BigPandaIntegration{
			Type: integration.BIG_PANDA, Name: t.unique("BigPanda"), AppKey: "second",
		}
	},
	hidden: []string{"token"},
}

var jira = document[integration.JiraIntegration]{
	create: (*signalfx.Client).CreateJiraIntegration,
	get:    (*signalfx.Client).GetJiraIntegration,
	update: (*signalfx.Client).UpdateJiraIntegration,
	remove: (*signalfx.Client).DeleteJiraIntegration,
	id:     func(i *integration.JiraIntegration) string { return i.Id },
	first: func(t *tester) *integration.JiraIntegration {
		return &integration.JiraIntegration{
			Type: "Jira", Name: t.unique("Jira"), Enabled: true,
			AuthMethod: "EmailAndToken", UserEmail: "jira@example.com", APIToken: "secret of Jira",
			BaseURL: "https://jira.example.com", IssueType: "Story", ProjectKey: "OPS",
			Assignee: &integration.JiraAssignee{Name: "ada", DisplayName: "Ada Lovelace"},
		}
	},
	second: func(t *tester) *integration.JiraIntegration {
		return &integration.JiraIntegration{
			Type: "Jira", Name: t.unique("Jira"),
			AuthMethod: "UsernameAndPassword", Username: "ada", Password: "secret of Ada",
			BaseURL: "https://tickets.example.com", IssueType: "Bug", ProjectKey: "DEV",
			Assignee: &integration.JiraAssignee{Name: "grace"},
		}
	},
	hidden: []string{"apiToken", "password"},
}

var opsgenie = document[integration.OpsgenieIntegration]{
	create: (*signalfx.Client).CreateOpsgenieIntegration,
	get:    (*signalfx.Client).GetOpsgenieIntegration,
	update: (*signalfx.Client).UpdateOpsgenieIntegration,
	remove: (*signalfx.Client).DeleteOpsgenieIntegration,
	id:     func(i *integration.OpsgenieIntegration) string { return i.Id },
	first: func(t *tester) *integration.OpsgenieIntegration {
		return &integration.OpsgenieIntegration{
			Type: integration.OPSGENIE, Name: t.unique("Opsgenie"), Enabled: true,
			ApiKey: "secret of Opsgenie", ApiUrl: "https://api.opsgenie.example.com",
		}
	},
	second: func(t *tester) *integration.OpsgenieIntegration {
		return &integration.OpsgenieIntegration{
			Type: integration.OPSGENIE, Name: t.unique("Opsgenie"),
			ApiKey: "another secret", ApiUrl: "https://api.eu.opsgenie.example.com",
		}
	},
	hidden: []string{"apiKey"},
}

var pagerDuty = document[integration.PagerDutyIntegration]{
	create: (*signalfx.Client).CreatePagerDutyIntegration,
	get:    (*signalfx.Client).GetPagerDutyIntegration,
	update: (*signalfx.Client).UpdatePagerDutyIntegration,
	remove: (*signalfx.Client).DeletePagerDutyIntegration,
	id:     func(i *integration.PagerDutyIntegration) string { return i.Id },
	first: func(t *tester) *integration.PagerDutyIntegration {
		return &integration.PagerDutyIntegration{
			Type: integration.PAGER_DUTY, Name: t.unique("PagerDuty"), Enabled: true, ApiKey: "secret of PagerDuty",
		}
	},
	second: func(t *tester) *integration.PagerDutyIntegration {
		return &integration.PagerDutyIntegration{Type: integration.PAGER_DUTY, Name: t.unique("PagerDuty")}
	},
	hidden: []string{"apiKey"},
}

var serviceNow = document[integration.ServiceNowIntegration]{
	create: (*signalfx.Client).CreateServiceNowIntegration,
	get:    (*signalfx.Client).GetServiceNowIntegration,
	update: (*signalfx.Client).UpdateServiceNowIntegration,
	remove: (*signalfx.Client).DeleteServiceNowIntegration,
	id:     func(i *integration.ServiceNowIntegration) string { return i.Id },
	first: func(t *tester) *integration.ServiceNowIntegration {
		return &integration.ServiceNowIntegration{
			Type: integration.SERVICE_NOW, Name: t.unique("ServiceNow"), Enabled: true,
			InstanceName: "example.service-now.com", IssueType: "Incident",
			Username: "ada", Password: "secret of ServiceNow",
			AlertTriggeredPayloadTemplate: `{"short_description": "{{messageTitle}}"}`,
			AlertResolvedPayloadTemplate:  `{"close_notes": "ok"}`,
		}
	},
	second: func(t *tester) *integration.ServiceNowIntegration {
		return &integration.ServiceNowIntegration{
			Type: integration.SERVICE_NOW, Name: t.unique("ServiceNow"),
			InstanceName: "other.service-now.com", IssueType: "Problem",
		}
	},
	hidden: []string{"username", "password"},
}

var slack = document[integration.SlackIntegration]{
	create: (*signalfx.Client).CreateSlackIntegration,
	get:    (*signalfx.Client).GetSlackIntegration,
	update: (*signalfx.Client).UpdateSlackIntegration,
	remove: (*signalfx.Client).DeleteSlackIntegration,
	id:     func(i *integration.SlackIntegration) string { return i.Id },
	first: func(t *tester) *integration.SlackIntegration {
		return &integration.SlackIntegration{
			Type: integration.SLACK, Name: t.unique("Slack"), Enabled: true,
			Method: "Webhook", WebhookUrl: "https://hooks.example.com/services/T000/B000/XXXX",
		}
	},
	second: func(t *tester) *integration.SlackIntegration {
		return &integration.SlackIntegration{Type: integration.SLACK, Name: t.unique("Slack"), Method: "Webhook"}
	},
	hidden: []string{"webhookUrl"},
}

var victorOps = document[integration.VictorOpsIntegration]{
	create: (*signalfx.Client).CreateVictorOpsIntegration,
	get:    (*signalfx.Client).GetVictorOpsIntegration,
	update: (*signalfx.Client).UpdateVictorOpsIntegration,
	remove: (*signalfx.Client).DeleteVictorOpsIntegration,
	id:     func(i *integration.VictorOpsIntegration) string { return i.Id },
	first: func(t *tester) *integration.VictorOpsIntegration {
		return &integration.VictorOpsIntegration{
			Type: integration.VICTOR_OPS, Name: t.unique("On-Call"), Enabled: true,
			PostUrl: "https://alert.example.com/integrations/generic/1/alert/key/$routing_key",
		}
	},
	second: func(t *tester) *integration.VictorOpsIntegration {
		return &integration.VictorOpsIntegration{
			Type: integration.VICTOR_OPS, Name: t.unique("On-Call"),
			PostUrl: "https://alert.example.com/integrations/generic/2/alert/key/$routing_key",
		}
	},
}

// webhook shows its secrets to administrators, since the Terraform provider reads them into its state.
var webhook = document[integration.WebhookIntegration]{
	create: (*signalfx.Client).CreateWebhookIntegration,
	get:    (*signalfx.Client).GetWebhookIntegration,
	update: (*signalfx.Client).UpdateWebhookIntegration,
	remove: (*signalfx.Client).DeleteWebhookIntegration,
	id:     func(i *integration.WebhookIntegration) string { return i.Id },
	first: func(t *tester) *integration.WebhookIntegration {
		return &integration.WebhookIntegration{
			Type: integration.WEBHOOK, Name: t.unique("Webhook"), Enabled: true,
			Url: "https://example.com/alert", SharedSecret: "secret of the webhook", Method: "PUT",
			Headers:         map[string]any{"X-Route": "ops", "Authorization": "Bearer secret"},
			PayloadTemplate: `{"text": "{{messageTitle}}"}`,
		}
	},
	second: func(t *tester) *integration.WebhookIntegration {
		return &integration.WebhookIntegration{
			Type: integration.WEBHOOK, Name: t.unique("Webhook"), Url: "https://example.com/other",
			SharedSecret: "another secret", Headers: map[string]any{"X-Route": "dev"},
		}
	},
}

func getIntegration(t *tester) {
	created := slack.created(t)
	read, err := t.GetIntegration(t.Context(), created.Id)
	must(t, err)
	echoes(t, read, created)
	equal(t, "createdByName", read["createdByName"], nil)
	_, err = t.GetIntegration(t.Context(), unknown)
	fails(t, http.StatusNotFound, err)
}

func deleteIntegration(t *tester) {
	created := opsgenie.created(t)
	must(t, t.DeleteIntegration(t.Context(), created.Id))
	_, err := t.GetOpsgenieIntegration(t.Context(), created.Id)
	fails(t, http.StatusNotFound, err)
	fails(t, http.StatusNotFound, t.DeleteIntegration(t.Context(), created.Id))
}

// getPagerDutyIntegrationByName checks that the list is filtered by the whole name and by the type.
func getPagerDutyIntegrationByName(t *tester) {
	request := pagerDuty.first(t)
	created := create(t, (*signalfx.Client).CreatePagerDutyIntegration, request)
	longer := *request
	longer.Name += " too"
	create(t, (*signalfx.Client).CreatePagerDutyIntegration, &longer)
	read, err := t.GetPagerDutyIntegrationByName(t.Context(), request.Name)
	must(t, err)
	same(t, "what is found", read, created)
	absent, err := t.GetPagerDutyIntegrationByName(t.Context(), slack.created(t).Name)
	must(t, err)
	if absent != nil {
		t.Fatalf("%s is found, which is of another type", absent.Name)
	}
}
