package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/dashboard"
)

var dashboardCases = union(
	replace(dashboards.cases("Dashboard"), map[string]testCase{"UpdateDashboard": updateDashboard}),
	map[string]testCase{
		"SearchDashboard":           searchDashboard,
		"ValidateDashboard":         validateDashboard,
		"ValidateDashboardWithMode": validateDashboardWithMode,
	},
)

type dashboardRequest = dashboard.CreateUpdateDashboardRequest

var dashboards = kind[dashboardRequest, dashboardRequest, dashboard.Dashboard]{
	create: (*signalfx.Client).CreateDashboard,
	get:    (*signalfx.Client).GetDashboard,
	update: (*signalfx.Client).UpdateDashboard,
	remove: (*signalfx.Client).DeleteDashboard,
	id:     func(d *dashboard.Dashboard) string { return d.Id },
	first: func(t *tester) *dashboardRequest {
		return &dashboardRequest{
			Name: t.unique("Checkout"), Description: "latency and errors", Tags: []string{"prod"},
			GroupId:      emptyGroup(t),
			ChartDensity: dashboard.HIGH,
			Charts: []*dashboard.DashboardChart{
				{ChartId: charts.created(t).Id, Row: 0, Column: 0, Width: 6, Height: 1},
				{ChartId: charts.created(t).Id, Row: 1, Column: 6, Width: 4, Height: 2},
			},
			DiscoveryOptions: &dashboard.DiscoveryOptions{Query: "host:*", Selectors: &[]string{"_exists_:host"}},
			Filters: &dashboard.ChartsFilters{
				Sources: []*dashboard.ChartsSingleFilter{
					{Property: "env", Value: []string{"prod"}, NOT: true, ApplyIfExists: true},
				},
				Time: &dashboard.ChartsFiltersTime{Start: "-1h", End: "Now"},
				Variables: []*dashboard.ChartsWebUiFilter{{
					Property: "host", Alias: "Host", Description: "one host", Value: []string{"a", "b"},
					PreferredSuggestions: []string{"a"},
					ApplyIfExists:        true, Required: true, ReplaceOnly: true, Restricted: true,
				}},
			},
			EventOverlays: []*dashboard.ChartEventOverlay{{
				EventSignal:     deployments(),
				EventColorIndex: new(int32(3)), EventLine: true, Label: "Deployments",
				Sources: []*dashboard.EventOverlayFilter{{Property: "env", Value: []string{"prod"}}},
			}},
			SelectedEventOverlays: []*dashboard.ChartEventOverlay{{EventSignal: deployments()}},
			MaxDelayOverride:      new(int32(30000)),
		}
	},
	second: func(t *tester) *dashboardRequest {
		return &dashboardRequest{
			Name: t.unique("Checkout 2"), ChartDensity: dashboard.DEFAULT,
			Charts: []*dashboard.DashboardChart{
				{ChartId: charts.created(t).Id, Row: 2, Column: 0, Width: 12, Height: 3},
			},
			Filters: &dashboard.ChartsFilters{Sources: []*dashboard.ChartsSingleFilter{
				{Property: "env", Value: []string{"test"}},
			}},
		}
	},
}

func deployments() *dashboard.DashboardEventSignal {
	return &dashboard.DashboardEventSignal{EventSearchText: "deploy*", EventType: "eventTimeSeries"}
}

// updateDashboard also moves the dashboard to another group and changes who may write it.
func updateDashboard(t *tester) {
	created := dashboards.created(t)
	request := dashboards.second(t)
	updated := dashboards.changed(t, created.Id, request)
	equal(t, "the group", updated.GroupId, created.GroupId)
	equal(t, "the description", updated.Description, "")
	equal(t, "the number of tags", len(updated.Tags), 0)
	request.GroupId = emptyGroup(t)
	moved := dashboards.changed(t, created.Id, request)
	equal(t, "what permissions are inherited from", moved.Permissions.Parent, request.GroupId)
	request.AuthorizedWriters = &dashboard.AuthorizedWriters{Users: []string{t.server.administrator.id}}
	dashboards.changed(t, created.Id, request)
	request.AuthorizedWriters = nil
	request.Permissions = &dashboard.ObjectPermissions{Acl: []*dashboard.AclEntry{
		{PrincipalId: t.server.administrator.id, PrincipalType: "USER", Actions: []string{"READ", "WRITE"}},
	}}
	restricted := dashboards.changed(t, created.Id, request)
	equal(t, "the number of writers beside the ACL", len(restricted.AuthorizedWriters.Users), 0)
}

func searchDashboard(t *tester) {
	name, tag := t.unique("Found"), t.label("tag")
	var ids []string
	for _, suffix := range []string{" a", " b", " c"} {
		request := &dashboardRequest{Name: name + suffix, GroupId: emptyGroup(t)}
		if suffix == " b" {
			request.Tags = []string{"other", tag}
		}
		ids = append(ids, create(t, (*signalfx.Client).CreateDashboard, request).Id)
	}
	first, err := t.SearchDashboard(t.Context(), 2, name, 0, "")
	must(t, err)
	second, err := t.SearchDashboard(t.Context(), 2, name, 2, "")
	must(t, err)
	id := func(d dashboard.Dashboard) string { return d.Id }
	checkPages(t, id, ids, first.Results, second.Results)
	equal(t, "count", second.Count, 3)
	tagged, err := t.SearchDashboard(t.Context(), 10, "", 0, tag)
	must(t, err)
	checkPages(t, id, ids[1:2], tagged.Results)
}

func validateDashboard(t *tester) {
	request := dashboards.first(t)
	must(t, t.ValidateDashboard(t.Context(), request))
	request.Charts[0].ChartId = unknown
	fails(t, http.StatusBadRequest, t.ValidateDashboard(t.Context(), request))
	found, err := t.SearchDashboard(t.Context(), 10, request.Name, 0, "")
	must(t, err)
	equal(t, "dashboards that validation created", found.Count, 0)
}

func validateDashboardWithMode(t *tester) {
	for _, mode := range []signalfx.VisualizationObjectsValidation{signalfx.FULL, signalfx.TERRAFORM} {
		request := dashboards.first(t)
		must(t, t.ValidateDashboardWithMode(t.Context(), request, mode))
		request.Charts[0].Column = 12
		fails(t, http.StatusBadRequest, t.ValidateDashboardWithMode(t.Context(), request, mode))
	}
}
