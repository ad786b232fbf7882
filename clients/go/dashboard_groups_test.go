package clients_test

import (
	"context"
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/dashboard"
	"github.com/signalfx/signalfx-go/dashboard_group"
)

var dashboardGroupCases = union(
	replace(dashboardGroups.cases("DashboardGroup"), map[string]testCase{
		"CreateDashboardGroup": createDashboardGroup,
		"UpdateDashboardGroup": updateDashboardGroup,
	}),
	map[string]testCase{
		"ListBuiltInDashboardGroups":     listBuiltInDashboardGroups,
		"SearchDashboardGroups":          searchDashboardGroups,
		"ValidateDashboardGroup":         validateDashboardGroup,
		"ValidateDashboardGroupWithMode": validateDashboardGroupWithMode,
	},
)

type dashboardGroupRequest = dashboard_group.CreateUpdateDashboardGroupRequest

var dashboardGroups = kind[dashboardGroupRequest, dashboardGroupRequest, dashboard_group.DashboardGroup]{
	create: createGroup,
	get:    (*signalfx.Client).GetDashboardGroup,
	update: (*signalfx.Client).UpdateDashboardGroup,
	remove: (*signalfx.Client).DeleteDashboardGroup,
	id:     func(g *dashboard_group.DashboardGroup) string { return g.Id },
	first: func(t *tester) *dashboardGroupRequest {
		return &dashboardGroupRequest{
			Name: t.unique("Shop"), Description: "all of the shop", Teams: []string{teams.created(t).Id},
			ImportQualifiers: []*dashboard_group.ImportQualifier{{
				Metric:  "cpu.utilization",
				Filters: []*dashboard_group.ImportFilter{{Property: "env", Values: []string{"prod"}, NOT: true}},
			}},
		}
	},
	second: func(t *tester) *dashboardGroupRequest {
		return &dashboardGroupRequest{
			Name: t.unique("Shop 2"),
			DashboardConfigs: []*dashboard_group.DashboardConfig{{
				DashboardId: dashboards.created(t).Id, NameOverride: "Mirror", DescriptionOverride: "of another group",
				FiltersOverride: &dashboard_group.Filters{
					Sources: []*dashboard_group.Filter{{Property: "service", Values: []string{"checkout"}, NOT: true}},
					Variables: []*dashboard_group.WebUiFilter{{
						Property: "env", Value: []string{"prod"}, PreferredSuggestions: []string{"prod", "test"},
					}},
				},
			}},
		}
	},
}

// createGroup creates a dashboard group without a dashboard of its own, as the Terraform provider does.
func createGroup(
	client *signalfx.Client, ctx context.Context, request *dashboardGroupRequest,
) (*dashboard_group.DashboardGroup, error) {
	return client.CreateDashboardGroup(ctx, request, true)
}

// emptyGroup creates a dashboard group without dashboards and returns its id.
func emptyGroup(t *tester) string {
	t.Helper()
	return create(t, createGroup, &dashboardGroupRequest{Name: t.unique("group")}).Id
}

// createDashboardGroup also checks that a dashboard is created as well unless the caller asks for none.
func createDashboardGroup(t *tester) {
	dashboardGroups.creates(t)
	request := dashboardGroups.first(t)
	empty, err := t.CreateDashboardGroup(t.Context(), request, true)
	must(t, err)
	equal(t, "the number of dashboards", len(empty.Dashboards), 0)
	created, err := t.CreateDashboardGroup(t.Context(), request, false)
	must(t, err)
	equal(t, "the number of dashboards", len(created.Dashboards), 1)
	implicit, err := t.GetDashboard(t.Context(), created.Dashboards[0])
	must(t, err)
	equal(t, "the name of the dashboard", implicit.Name, request.Name)
	equal(t, "the group of the dashboard", implicit.GroupId, created.Id)
}

// updateDashboardGroup also checks that the group keeps its own dashboards and drops mirrors, and who may write it.
func updateDashboardGroup(t *tester) {
	created := dashboardGroups.created(t)
	own := create(t, (*signalfx.Client).CreateDashboard, &dashboard.CreateUpdateDashboardRequest{
		Name: t.unique("own"), GroupId: created.Id,
	})
	request := dashboardGroups.second(t)
	mirrored := request.DashboardConfigs[0].DashboardId
	updated, err := t.UpdateDashboardGroup(t.Context(), created.Id, request)
	must(t, err)
	same(t, "dashboards", updated.Dashboards, []string{mirrored, own.Id})
	echoes(t, updated.DashboardConfigs[0], request.DashboardConfigs[0])
	equal(t, "the number of teams", len(updated.Teams), 0)
	request = &dashboardGroupRequest{
		Name:              request.Name,
		DashboardConfigs:  updated.DashboardConfigs[1:],
		AuthorizedWriters: &dashboard_group.AuthorizedWriters{Users: []string{t.server.administrator.id}},
	}
	dashboardGroups.changed(t, created.Id, request)
	request.AuthorizedWriters = nil
	request.Permissions = &dashboard_group.ObjectPermissions{Acl: []*dashboard_group.AclEntry{
		{PrincipalId: t.server.administrator.id, PrincipalType: "USER", Actions: []string{"READ", "WRITE"}},
	}}
	dashboardGroups.changed(t, created.Id, request)
}

func searchDashboardGroups(t *tester) {
	name := t.unique("Found")
	var ids []string
	for _, suffix := range []string{" a", " b", " c"} {
		ids = append(ids, create(t, createGroup, &dashboardGroupRequest{Name: name + suffix}).Id)
	}
	first, err := t.SearchDashboardGroups(t.Context(), 2, name, 0)
	must(t, err)
	second, err := t.SearchDashboardGroups(t.Context(), 2, name, 2)
	must(t, err)
	checkPages(t, dashboardGroups.id, ids, first.Results, second.Results)
	equal(t, "count", second.Count, 3)
}

func listBuiltInDashboardGroups(t *tester) {
	emptyGroup(t)
	found, err := t.ListBuiltInDashboardGroups(t.Context(), 10, 0)
	must(t, err)
	equal(t, "count", found.Count, 0)
	equal(t, "the number of groups", len(found.Results), 0)
}

func validateDashboardGroup(t *tester) {
	request := dashboardGroups.first(t)
	must(t, t.ValidateDashboardGroup(t.Context(), request))
	request.Teams = []string{unknown}
	fails(t, http.StatusBadRequest, t.ValidateDashboardGroup(t.Context(), request))
	found, err := t.SearchDashboardGroups(t.Context(), 10, request.Name, 0)
	must(t, err)
	equal(t, "groups that validation created", found.Count, 0)
}

func validateDashboardGroupWithMode(t *tester) {
	for _, mode := range []signalfx.VisualizationObjectsValidation{signalfx.FULL, signalfx.TERRAFORM} {
		request := dashboardGroups.first(t)
		must(t, t.ValidateDashboardGroupWithMode(t.Context(), request, mode))
		request.Name = ""
		fails(t, http.StatusBadRequest, t.ValidateDashboardGroupWithMode(t.Context(), request, mode))
	}
}
