package clients_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
)

// pending has the methods of kinds that the server does not serve yet. The server responds to each with 404.
var pending = []string{
	// APM
	"ListTopology",
	// Automated archival
	"CreateExemptMetrics",
	"CreateSettings",
	"DeleteExemptMetrics",
	"DeleteSettings",
	"GetExemptMetrics",
	"GetSettings",
	"UpdateSettings",
	// Dimensions, metrics, metric time series, tags
	"CreateUpdateMetric",
	"CreateUpdateTag",
	"DeleteTag",
	"GetDimension",
	"GetMetric",
	"GetMetricTimeSeries",
	"GetTag",
	"SearchDimension",
	"SearchMetric",
	"SearchMetricTimeSeries",
	"SearchTag",
	"UpdateDimension",
	// Email templates
	"CreateEmailTemplate",
	"DeleteEmailTemplate",
	"GetEmailTemplate",
	"SearchEmailTemplates",
	"UpdateEmailTemplate",
	// Metric rulesets
	"CreateMetricRuleset",
	"DeleteMetricRuleset",
	"GenerateAggregationMetricName",
	"GetMetricRuleset",
	"UpdateMetricRuleset",
	// Navigators
	"CreateNavigator",
	"DeleteNavigator",
	"GetNavigator",
	"UpdateNavigator",
	// SLO charts
	"CreateSloChart",
	"UpdateSloChart",
	// Templates and the directory
	"CreateTemplate",
	"DeleteDirectoryEntry",
	"DeleteTemplate",
	"GetDirectoryEntry",
	"GetTemplate",
	"PatchDirectoryEntry",
	"SearchTemplates",
	"UpdateTemplate",
}

// pendingStatuses has the pending methods to which the server responds with another status than 404.
var pendingStatuses = map[string]fault{
	"CreateSloChart": {http.StatusMethodNotAllowed, "the path is one of a chart, which has no POST"},
}

// pendingStatus is the status of a pending method, with the reason.
func pendingStatus(name string) fault {
	if known, found := pendingStatuses[name]; found {
		return known
	}
	return fault{http.StatusNotFound, "it is pending"}
}

// checkPending runs the case of a pending method up to the response to its first call.
func checkPending(t *testing.T, server *server, name string) {
	t.Helper()
	recorder := newRecorder(name)
	endsEarly(cases[name], newTester(t, server, recorder))
	statuses, expected := recorder.statuses[name], pendingStatus(name)
	if len(statuses) == 0 {
		t.Fatalf("the case of %s does not call it", name)
	}
	switch statuses[0] {
	case expected.status:
	case http.StatusNotFound:
		t.Errorf("the response to %s is 404: remove it from the table `pendingStatuses`", name)
	default:
		t.Errorf("the response to %s is %d, not %d (%s): remove it from the table `pending`",
			name, statuses[0], expected.status, expected.reason)
	}
}

// placeholder is what a pending call is taken to return, so that the case of another method of the same kind reaches
// its own call.
const placeholder = `{"id": "AAAAAAAAAAE", "type": "RequestBased", "data": {"id": "AAAAAAAAAAE"}}`

// pretend returns the placeholder if the call that failed is pending, and so is the method of the case.
func pretend[R any](t *tester, err error) (*R, bool) {
	call := t.recorder.last
	if t.recorder.stopAfter == "" || !slices.Contains(pending, call) || status(err) != pendingStatus(call).status {
		return nil, false
	}
	result := new(R)
	// Types that reject unknown fields stay empty.
	_ = json.Unmarshal([]byte(placeholder), result)
	return result, true
}
