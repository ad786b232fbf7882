package clients_test

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/metric_ruleset"
)

var metricRulesetCases = map[string]testCase{
	"CreateMetricRuleset":           createMetricRuleset,
	"DeleteMetricRuleset":           deleteMetricRuleset,
	"GenerateAggregationMetricName": generateAggregationMetricName,
	"GetMetricRuleset":              getMetricRuleset,
	"UpdateMetricRuleset":           updateMetricRuleset,
}

// metricRuleset creates a ruleset.
func metricRuleset(t *tester) *metric_ruleset.CreateMetricRulesetResponse {
	t.Helper()
	return create(t, (*signalfx.Client).CreateMetricRuleset, metricRulesetRequest(t))
}

func metricRulesetRequest(t *tester) *metric_ruleset.CreateMetricRulesetRequest {
	metric := t.label("cpu.utilization")
	return &metric_ruleset.CreateMetricRulesetRequest{
		MetricName: metric, Description: new("of every service"), Version: 1,
		RoutingRule: metric_ruleset.RoutingRule{Destination: new("Archived")},
		AggregationRules: []metric_ruleset.AggregationRule{{
			Name: new("by service"), Description: new("without hosts"), Enabled: true,
			Matcher: metric_ruleset.MetricMatcher{DimensionMatcher: matcher("us-east-1")},
			Aggregator: metric_ruleset.MetricAggregator{RollupAggregator: &metric_ruleset.RollupAggregator{
				Type: "rollup", Dimensions: []string{"service"}, DropDimensions: new(false),
				OutputName: metric + ".by.service.agg",
			}},
		}},
		ExceptionRules: []metric_ruleset.ExceptionRule{{
			Name: "kept", Description: new("of one realm"), Enabled: true, Matcher: *matcher("us-east-2"),
			Restoration: &metric_ruleset.ExceptionRuleRestorationFields{
				StartTime: new(int64(1724793174572)), StopTime: new(int64(1724796774661)),
			},
		}},
	}
}

func matcher(realm string) *metric_ruleset.DimensionMatcher {
	return &metric_ruleset.DimensionMatcher{Type: "dimension", Filters: []metric_ruleset.PropertyFilter{
		{Property: new("realm"), PropertyValue: []string{realm}, NOT: new(false)},
	}}
}

// createMetricRuleset also checks that an unknown destination is rejected.
func createMetricRuleset(t *tester) {
	request := metricRulesetRequest(t)
	created, err := t.CreateMetricRuleset(t.Context(), request)
	must(t, err)
	request.Version = created.GetVersion()
	echoes(t, created, request)
	equal(t, "when it was updated", created.GetLastUpdated(), created.GetCreated())
	read, err := t.GetMetricRuleset(t.Context(), created.GetId())
	must(t, err)
	same(t, "what is read", read, created)
	for _, destination := range []string{"RealTime", "Drop"} {
		other := metricRulesetRequest(t)
		other.ExceptionRules, other.RoutingRule.Destination = nil, &destination
		created, err := t.CreateMetricRuleset(t.Context(), other)
		must(t, err)
		equal(t, "the destination", *created.RoutingRule.Destination, destination)
	}
	wrong := metricRulesetRequest(t)
	wrong.RoutingRule.Destination = new("Elsewhere")
	_, err = t.CreateMetricRuleset(t.Context(), wrong)
	fails(t, http.StatusBadRequest, err)
}

func getMetricRuleset(t *tester) {
	created := metricRuleset(t)
	read, err := t.GetMetricRuleset(t.Context(), created.GetId())
	must(t, err)
	same(t, "what is read", read, created)
	_, err = t.GetMetricRuleset(t.Context(), unknown)
	fails(t, http.StatusNotFound, err)
}

// updateMetricRuleset also checks that the version counts up, and that an old one is a conflict.
func updateMetricRuleset(t *tester) {
	created := metricRuleset(t)
	version := created.GetVersion()
	request := &metric_ruleset.UpdateMetricRulesetRequest{
		MetricName: created.MetricName, Description: new("of all"), Version: &version,
		RoutingRule: &metric_ruleset.RoutingRule{Destination: new("RealTime")},
		AggregationRules: []metric_ruleset.AggregationRule{{
			Name: new("off"), Matcher: metric_ruleset.MetricMatcher{DimensionMatcher: matcher("eu-west-1")},
			Aggregator: metric_ruleset.MetricAggregator{RollupAggregator: &metric_ruleset.RollupAggregator{
				Type: "rollup", Dimensions: []string{"host"}, DropDimensions: new(true),
				OutputName: created.GetMetricName() + ".agg",
			}},
		}},
	}
	updated, err := t.UpdateMetricRuleset(t.Context(), created.GetId(), request)
	must(t, err)
	_, err = t.UpdateMetricRuleset(t.Context(), created.GetId(), request)
	fails(t, http.StatusConflict, err)
	version++
	echoes(t, updated, request)
	equal(t, "the number of exception rules", len(updated.ExceptionRules), 0)
	read, err := t.GetMetricRuleset(t.Context(), created.GetId())
	must(t, err)
	same(t, "what is read", read, updated)
}

func deleteMetricRuleset(t *tester) {
	created := metricRuleset(t)
	must(t, t.DeleteMetricRuleset(t.Context(), created.GetId()))
	_, err := t.GetMetricRuleset(t.Context(), created.GetId())
	fails(t, http.StatusNotFound, err)
	fails(t, http.StatusNotFound, t.DeleteMetricRuleset(t.Context(), created.GetId()))
}

// generateAggregationMetricName checks the JSON string of the response, which the client returns as it is.
func generateAggregationMetricName(t *tester) {
	metric := t.label("cpu.utilization")
	response, err := t.GenerateAggregationMetricName(t.Context(), metric_ruleset.GenerateAggregationNameRequest{
		MetricName: metric, Dimensions: []string{"service"}, DropDimensions: new(false),
	})
	must(t, err)
	var name string
	must(t, json.Unmarshal([]byte(response), &name))
	equal(t, "whether the name starts with the metric", strings.HasPrefix(name, metric+"."), true)
	equal(t, "whether the name has the dimension", strings.Contains(name, "service"), true)
}
