package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/datalink"
)

var dataLinkCases = union(
	replace(dataLinks.cases("DataLink"), map[string]testCase{"CreateDataLink": createDataLink}),
	map[string]testCase{"SearchDataLinks": searchDataLinks},
)

type dataLinkRequest = datalink.CreateUpdateDataLinkRequest

var dataLinks = kind[dataLinkRequest, dataLinkRequest, datalink.DataLink]{
	create: (*signalfx.Client).CreateDataLink,
	get:    (*signalfx.Client).GetDataLink,
	update: (*signalfx.Client).UpdateDataLink,
	remove: (*signalfx.Client).DeleteDataLink,
	id:     func(l *datalink.DataLink) string { return l.Id },
	first: func(t *tester) *dataLinkRequest {
		target := dashboards.created(t)
		return &dataLinkRequest{
			PropertyName: t.label("host"), PropertyValue: new("web-1"),
			Targets: []*datalink.Target{
				{
					Type: datalink.INTERNAL_LINK, Name: "dashboard", IsDefault: true,
					DashboardId: target.Id, DashboardGroupId: target.GroupId,
				},
				{
					Type: datalink.EXTERNAL_LINK, Name: "logs", URL: "https://example.com/?q={{value}}",
					TimeFormat: datalink.ISO8601, MinimumTimeWindow: "6000",
					PropertyKeyMapping: map[string]string{"host": "hostname"},
				},
			},
		}
	},
	second: func(t *tester) *dataLinkRequest {
		return &dataLinkRequest{
			PropertyName: t.label("service"), PropertyValue: new("checkout"),
			ContextId: dashboards.created(t).Id,
			Targets: []*datalink.Target{
				{Type: datalink.SPLUNK_LINK, Name: "index", PropertyKeyMapping: map[string]string{"service": "source"}},
				{
					Type: datalink.APPD_LINK, Name: "AppDynamics",
					URL: "https://example.saas.appdynamics.com/#/application=1&component=2",
				},
			},
		}
	},
}

// createDataLink also checks that a context has one link for a property and its value.
func createDataLink(t *tester) {
	dataLinks.creates(t)
	request := dataLinks.second(t)
	_, err := t.CreateDataLink(t.Context(), request)
	must(t, err)
	_, err = t.CreateDataLink(t.Context(), request)
	fails(t, http.StatusBadRequest, err)
	request.ContextId = dashboards.created(t).Id
	_, err = t.CreateDataLink(t.Context(), request)
	must(t, err)
}

func searchDataLinks(t *tester) {
	request := dataLinks.second(t)
	context := request.ContextId
	var ids []string
	for range 3 {
		request.PropertyName = t.label("service")
		ids = append(ids, create(t, (*signalfx.Client).CreateDataLink, request).Id)
	}
	first, err := t.SearchDataLinks(t.Context(), 2, context, 0)
	must(t, err)
	second, err := t.SearchDataLinks(t.Context(), 2, context, 2)
	must(t, err)
	checkPages(t, func(l datalink.DataLink) string { return l.Id }, ids, first.Results, second.Results)
	equal(t, "count", second.Count, 3)
	all, err := t.SearchDataLinks(t.Context(), 1000, "", 0)
	must(t, err)
	equal(t, "whether all links are listed", all.Count >= 3, true)
}
