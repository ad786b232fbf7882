// Package clients_test runs the unmodified Go client of the hosted service against the built program: every exported
// method of the client, on each database. A method that a later version of the client adds fails until it has a case.
package clients_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/signalfx/signalfx-go"
)

// cases has the case of every exported method of the client.
var cases = union(
	alertMutingCases,
	apmCases,
	archivalCases,
	chartCases,
	cloudIntegrationCases,
	dashboardCases,
	dashboardGroupCases,
	dataLinkCases,
	detectorCases,
	dimensionCases,
	directoryCases,
	emailTemplateCases,
	incidentCases,
	integrationCases,
	memberCases,
	metricCases,
	metricRulesetCases,
	navigatorCases,
	organizationCases,
	orgTokenCases,
	sessionCases,
	sloCases,
	sloChartCases,
	tagCases,
	teamCases,
	templateCases,
	timeSeriesCases,
)

func TestEveryMethodHasACase(t *testing.T) {
	client := reflect.TypeFor[*signalfx.Client]()
	methods := map[string]bool{}
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		methods[name] = true
		if cases[name] == nil {
			t.Errorf("the method %s of the client has no case", name)
		}
	}
	for name := range cases {
		if !methods[name] {
			t.Errorf("the client has no method %s, but there is a case for it", name)
		}
	}
}

func TestEveryMethodWorks(t *testing.T) {
	for _, kind := range databaseKinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, kind)
			for _, name := range slices.Sorted(maps.Keys(cases)) {
				t.Run(name, func(t *testing.T) {
					checkCase(t, server, name)
				})
			}
		})
	}
}

// checkCase runs a case, which must call its method.
func checkCase(t *testing.T, server *server, name string) {
	t.Helper()
	recorder := newRecorder()
	cases[name](newTester(t, server, recorder))
	if len(recorder.statuses[name]) == 0 {
		t.Errorf("the case of %s does not call it", name)
	}
}

// union merges the cases of all kinds. No method has two cases.
func union(tables ...map[string]testCase) map[string]testCase {
	all := map[string]testCase{}
	for _, table := range tables {
		for name, test := range table {
			if all[name] != nil {
				panic("two cases of " + name)
			}
			all[name] = test
		}
	}
	return all
}

// replace exchanges the cases of some methods.
func replace(table, replacements map[string]testCase) map[string]testCase {
	for name, test := range replacements {
		if table[name] == nil {
			panic("no case of " + name)
		}
		table[name] = test
	}
	return table
}
