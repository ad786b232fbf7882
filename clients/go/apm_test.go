package clients_test

import (
	"time"

	"github.com/signalfx/signalfx-go/apm"
)

var apmCases = map[string]testCase{"ListTopology": listTopology}

// listTopology checks the empty topology: the server collects no traces.
func listTopology(t *tester) {
	now := time.Now().UTC()
	found, err := t.ListTopology(t.Context(), &apm.RetrieveServiceTopologyRequest{
		TimeRange: now.Add(-time.Hour).Format(time.RFC3339) + "/" + now.Format(time.RFC3339),
		TagFilters: []apm.TagFiltersInner{
			{EqualsTagFilter: &apm.EqualsTagFilter{
				Name: "sf_environment", Scope: "global", Operator: "equals", Value: "prod",
			}},
			{InTagFilter: &apm.InTagFilter{
				Name: "sf_service", Scope: "global", Operator: "in", Values: []string{"cart", "checkout"},
			}},
		},
	})
	must(t, err)
	equal(t, "whether there are nodes", found.Data.Nodes != nil, true)
	equal(t, "whether there are edges", found.Data.Edges != nil, true)
	equal(t, "the number of nodes", len(found.Data.Nodes), 0)
	equal(t, "the number of edges", len(found.Data.Edges), 0)
}
