package clients_test

import (
	"context"
	"encoding/json"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/template"
)

var templateCases = union(
	replace(templates.cases("Template"), map[string]testCase{"GetTemplate": getTemplate}),
	map[string]testCase{"SearchTemplates": searchTemplates},
)

type templateRequest = template.CreateUpdateTemplateRequest

// recordType is the type of every template.
const recordType = "#/dashify/v1/templates/Record"

// templates are in envelopes, without which these functions return them.
var templates = kind[templateRequest, templateRequest, template.Template]{
	create: func(client *signalfx.Client, ctx context.Context, request *templateRequest) (*template.Template, error) {
		return unwrapped(client.CreateTemplate(ctx, request))
	},
	get: func(client *signalfx.Client, ctx context.Context, id string) (*template.Template, error) {
		return unwrapped(client.GetTemplate(ctx, id, nil))
	},
	update: updateTemplate,
	remove: (*signalfx.Client).DeleteTemplate,
	id:     func(t *template.Template) string { return t.ID },
	first: func(t *tester) *templateRequest {
		return &templateRequest{
			Type: recordType, Title: t.unique("Request rate"),
			Spec: json.RawMessage(`{"<Chart>":[{"<o11y:SingleValue>":[],"chart":{"scale":[{"gt":0.5}]}}]}`),
			Metadata: template.WriteMetadata{
				RootElement: new(template.RootElementChart),
				Datasource: &template.Datasource{
					Type: template.DatasourceTypeSplunkObservability, ProgramText: "data('requests').publish()",
				},
			},
		}
	},
	second: func(t *tester) *templateRequest {
		return dashboardTemplate(t, t.unique("Overview"), unknown)
	},
	// A datasource is only written.
	hidden: []string{"datasource"},
}

func updateTemplate(
	client *signalfx.Client, ctx context.Context, id string, request *templateRequest,
) (*template.Template, error) {
	return unwrapped(client.UpdateTemplate(ctx, id, request))
}

// unwrapped returns the template of an envelope.
func unwrapped(result *template.Result, err error) (*template.Template, error) {
	if err != nil {
		return nil, err
	}
	return result.Data, nil
}

// dashboardTemplate is a request for a dashboard that imports a chart, which need not exist.
func dashboardTemplate(t *tester, title, chartID string) *templateRequest {
	t.Helper()
	chart := "/v2/template/" + chartID
	spec := `{"<Dashboard>":[{"<Panel>":[{"<$import.chart0>":[]}]}],"$import:chart0":"` + chart + `"}`
	return &templateRequest{
		Type: recordType, Title: title, Spec: json.RawMessage(spec),
		Metadata: template.WriteMetadata{RootElement: new(template.RootElementDashboard), Imports: []string{chart}},
	}
}

// getTemplate also reads the templates that a template imports.
func getTemplate(t *tester) {
	templates.reads(t)
	chart := templates.created(t)
	created := create(t, templates.create, dashboardTemplate(t, t.unique("Overview"), chart.ID))
	options := &template.GetOptions{Imports: []template.Import{template.ImportAllChildren}}
	read, err := t.GetTemplate(t.Context(), created.ID, options)
	must(t, err)
	same(t, "what is read", read.Data, created)
	checkPages(t, templateID, []string{chart.ID}, read.Includes)
	equal(t, "the number of errors", len(read.Errors), 0)
}

func searchTemplates(t *tester) {
	titles := []string{t.unique("Found a"), t.unique("Found b"), t.unique("Found c")}
	var ids []string
	for _, title := range titles {
		ids = append(ids, create(t, templates.create, dashboardTemplate(t, title, unknown)).ID)
	}
	chart := templates.created(t)
	options := &template.SearchOptions{Titles: titles, OrderBy: []string{"-title"}, Size: 2}
	first, err := t.SearchTemplates(t.Context(), options)
	must(t, err)
	same(t, "the first page", first.Data.Items, []string{"/v2/template/" + ids[2], "/v2/template/" + ids[1]})
	equal(t, "count", first.Data.Count, 3)
	checkPages(t, templateID, ids[1:], first.Includes)
	options.Offset = 2
	second, err := t.SearchTemplates(t.Context(), options)
	must(t, err)
	same(t, "the second page", second.Data.Items, []string{"/v2/template/" + ids[0]})
	expected := map[template.RootElement]string{
		template.RootElementDashboard: ids[0],
		template.RootElementChart:     chart.ID,
	}
	for root, id := range expected {
		found, err := t.SearchTemplates(t.Context(), &template.SearchOptions{
			IDs: []string{ids[0], chart.ID}, RootElements: []template.RootElement{root},
			Imports: []template.Import{template.ImportAllChildren},
		})
		must(t, err)
		same(t, "templates of one kind", found.Data.Items, []string{"/v2/template/" + id})
	}
}

func templateID(t template.Template) string { return t.ID }
