package clients_test

import (
	"encoding/json"
	"net/http"
	"slices"

	archival "github.com/signalfx/signalfx-go/automated-archival"

	"github.com/signalfx/signalfx-go"
)

// An organization has one object with the settings of automated archival. Each case starts without it.
var archivalCases = map[string]testCase{
	"CreateExemptMetrics": createExemptMetrics,
	"CreateSettings":      createSettings,
	"DeleteExemptMetrics": deleteExemptMetrics,
	"DeleteSettings":      deleteSettings,
	"GetExemptMetrics":    getExemptMetrics,
	"GetSettings":         getSettings,
	"UpdateSettings":      updateSettings,
}

// archivalSettings creates the settings. They are deleted when the case ends.
func archivalSettings(t *tester) *archival.AutomatedArchivalSettings {
	t.Helper()
	t.Cleanup(func() { removeArchivalSettings(t) })
	return create(t, (*signalfx.Client).CreateSettings, archivalRequest())
}

func archivalRequest() *archival.AutomatedArchivalSettings {
	return &archival.AutomatedArchivalSettings{Version: 1, Enabled: true, LookbackPeriod: "P60D", GracePeriod: "P30D"}
}

func removeArchivalSettings(t *tester) {
	const path = "/v2/automated-archival/settings"
	status, body := t.call(http.MethodGet, path, t.server.token, nil)
	if status != http.StatusOK {
		return
	}
	var settings archival.AutomatedArchivalSettings
	must(t, json.Unmarshal(body, &settings))
	status, _ = t.call(http.MethodDelete, path, t.server.token, map[string]int64{"version": settings.Version})
	equal(t, "the status of deleting the settings", status, http.StatusNoContent)
}

func createSettings(t *tester) {
	created := archivalSettings(t)
	request := archivalRequest()
	request.Version = created.Version
	echoes(t, created, request)
	equal(t, "when it was updated", *created.LastUpdated, *created.Created)
	read, err := t.GetSettings(t.Context())
	must(t, err)
	same(t, "what is read", read, created)
}

func getSettings(t *tester) {
	created := archivalSettings(t)
	read, err := t.GetSettings(t.Context())
	must(t, err)
	same(t, "what is read", read, created)
}

// updateSettings also checks that the version counts up.
func updateSettings(t *tester) {
	created := archivalSettings(t)
	request := archivalRequest()
	request.Version, request.Enabled = created.Version, false
	request.LookbackPeriod, request.GracePeriod = "P45D", "P15D"
	updated, err := t.UpdateSettings(t.Context(), request)
	must(t, err)
	request.Version++
	echoes(t, updated, request)
	read, err := t.GetSettings(t.Context())
	must(t, err)
	same(t, "what is read", read, updated)
}

func deleteSettings(t *tester) {
	created := archivalSettings(t)
	request := &archival.AutomatedArchivalSettingsDeleteRequest{Version: &created.Version}
	must(t, t.DeleteSettings(t.Context(), request))
	_, err := t.GetSettings(t.Context())
	fails(t, http.StatusNotFound, err)
	fails(t, http.StatusNotFound, t.DeleteSettings(t.Context(), request))
}

// exemptMetrics exempts two metrics and returns them.
func exemptMetrics(t *tester) []archival.ExemptMetric {
	t.Helper()
	request := &[]archival.ExemptMetric{{Name: t.label("exempt")}, {Name: t.label("exempt")}}
	return *create(t, (*signalfx.Client).CreateExemptMetrics, request)
}

func createExemptMetrics(t *tester) {
	request := &[]archival.ExemptMetric{{Name: t.label("exempt")}, {Name: t.label("exempt")}}
	created, err := t.CreateExemptMetrics(t.Context(), request)
	must(t, err)
	checkPages(t, exemptName, exemptNames(*request), exemptOf(*created, *request))
	listed, err := t.GetExemptMetrics(t.Context())
	must(t, err)
	checkPages(t, exemptName, exemptNames(*request), exemptOf(*listed, *request))
}

func getExemptMetrics(t *tester) {
	created := exemptMetrics(t)
	listed, err := t.GetExemptMetrics(t.Context())
	must(t, err)
	found := exemptOf(*listed, created)
	checkPages(t, exemptName, exemptNames(created), found)
	for _, metric := range found {
		equal(t, "whether the metric has an id", metric.GetId() != "", true)
	}
}

func deleteExemptMetrics(t *tester) {
	created := exemptMetrics(t)
	request := &archival.ExemptMetricDeleteRequest{Ids: []string{unknown}}
	if len(created) > 0 {
		request.Ids = []string{created[0].GetId()}
	}
	must(t, t.DeleteExemptMetrics(t.Context(), request))
	listed, err := t.GetExemptMetrics(t.Context())
	must(t, err)
	checkPages(t, exemptName, exemptNames(created[1:]), exemptOf(*listed, created))
}

// exemptOf returns those of the metrics that have a name of one of the others: cases share the list.
func exemptOf(metrics, others []archival.ExemptMetric) []archival.ExemptMetric {
	return slices.DeleteFunc(slices.Clone(metrics), func(metric archival.ExemptMetric) bool {
		return !slices.Contains(exemptNames(others), metric.Name)
	})
}

func exemptName(metric archival.ExemptMetric) string { return metric.Name }

func exemptNames(metrics []archival.ExemptMetric) []string {
	var names []string
	for _, metric := range metrics {
		names = append(names, metric.Name)
	}
	return names
}
