package clients_test

import (
	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/emailtemplate"
)

var emailTemplateCases = union(
	emailTemplates.cases("EmailTemplate"),
	map[string]testCase{"SearchEmailTemplates": searchEmailTemplates},
)

var emailTemplates = document[emailtemplate.EmailTemplate]{
	create: (*signalfx.Client).CreateEmailTemplate,
	get:    (*signalfx.Client).GetEmailTemplate,
	update: (*signalfx.Client).UpdateEmailTemplate,
	remove: (*signalfx.Client).DeleteEmailTemplate,
	id:     emailTemplateID,
	first: func(t *tester) *emailtemplate.EmailTemplate {
		return &emailtemplate.EmailTemplate{
			Name:           t.unique("Alert"),
			TriggerSubject: "{{ruleSeverity}}: {{{ruleName}}}", TriggerBody: "Triggered at {{timestamp}}",
			ResolvedSubject: "Resolved: {{{ruleName}}}", ResolvedBody: "Resolved at {{timestamp}}",
			To: []string{"alerts@example.com"}, Cc: []string{"oncall@example.com"}, Bcc: []string{"audit@example.com"},
			CustomHeaders: map[string]string{"X-Priority": "1"},
		}
	},
	second: func(t *tester) *emailtemplate.EmailTemplate {
		return &emailtemplate.EmailTemplate{
			Name: t.unique("Brief alert"), TriggerSubject: "{{{ruleName}}}", TriggerBody: "{{timestamp}}",
			ResolvedSubject: "{{{ruleName}}}", ResolvedBody: "ok", To: []string{"dev@example.com"},
		}
	},
}

func emailTemplateID(e *emailtemplate.EmailTemplate) string { return e.Id }

func searchEmailTemplates(t *tester) {
	name := t.unique("Found")
	var ids []string
	for _, suffix := range []string{" c", " a", " b"} {
		request := emailTemplates.second(t)
		request.Name = name + suffix
		ids = append(ids, create(t, (*signalfx.Client).CreateEmailTemplate, request).Id)
	}
	first, err := t.SearchEmailTemplates(t.Context(), 2, name, 0, "name")
	must(t, err)
	second, err := t.SearchEmailTemplates(t.Context(), 2, name, 2, "name")
	must(t, err)
	checkPages(t, emailTemplateID, ids, first.Results, second.Results)
	equal(t, "count", second.Count, 3)
	equal(t, "the first by name", first.Results[0].Name, name+" a")
	all, err := t.SearchEmailTemplates(t.Context(), 1000, "", 0, "")
	must(t, err)
	equal(t, "whether all templates are listed", all.Count >= 3, true)
}
