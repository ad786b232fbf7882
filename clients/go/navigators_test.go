package clients_test

import (
	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/navigator"
)

var navigatorCases = navigators.cases("Navigator")

// navigators have types in the client that reject unknown fields of categories, columns, metrics and jobs.
var navigators = kind[navigator.CreateNavigatorRequest, navigator.UpdateNavigatorRequest, navigator.Navigator]{
	create: (*signalfx.Client).CreateNavigator,
	get:    (*signalfx.Client).GetNavigator,
	update: (*signalfx.Client).UpdateNavigator,
	remove: (*signalfx.Client).DeleteNavigator,
	id:     func(n *navigator.Navigator) string { return n.GetId() },
	first: func(t *tester) *navigator.CreateNavigatorRequest {
		return &navigator.CreateNavigatorRequest{
			DisplayName: t.unique("Hosts"), AlertQuery: new("sf_key:host"), DefaultGroupBy: new("env"),
			Categories: []navigator.Category{{
				CategoryName: "Ours", CategoryGroupName: new("My group"), CategoryInstanceLabel: new("host"),
			}},
			EntityMetrics: []navigator.Metric{hostMetric()},
			IdDisplayName: new("Host"), InstanceLabel: new("host"), InstanceDisplayText: new("one host"),
			InstanceDashboards: []string{dashboards.created(t).Id},
			ListColumns: []navigator.ListColumn{
				{DisplayName: "Host", Property: "host", Format: new("id")},
			},
			TooltipKeyList: []navigator.TooltipKey{
				{DisplayName: "Host", Property: "host", Format: new("id")},
			},
			SystemTypes: []string{"host"}, RequiredProperties: []string{"host", "env"},
			PropertyIdentifierTemplate: "{{host}}",
			SummaryMetricLabel:         new("CPU"),
			SummaryMetricProgramText:   new("data('cpu.utilization').mean().publish()"),
		}
	},
	second: func(t *tester) *navigator.UpdateNavigatorRequest {
		return &navigator.UpdateNavigatorRequest{
			DisplayName:                new(t.unique("Machines")),
			Categories:                 []navigator.Category{{CategoryName: "Theirs"}},
			EntityMetrics:              []navigator.Metric{hostMetric(), hostMetric()},
			PropertyIdentifierTemplate: new("{{machine}}"),
			RequiredProperties:         []string{"machine"},
		}
	},
}

func hostMetric() navigator.Metric {
	return navigator.Metric{
		Id: "cpu.utilization", Type: "metric", DisplayName: new("CPU"), Description: new("of a host"),
		ValueLabel: new("%"), ValueFormat: new("number"), MetricSelectors: []string{"_exists_:host"},
		Job: navigator.Job{
			Resolution: 60000, Template: "A = data('cpu.utilization', {{{filter}}}).publish()", VarName: "A",
			Filters: []navigator.JobFilter{
				{
					Property: "env", Not: new(true),
					PropertyValue: &navigator.PropertyValuesToFilter{ArrayOfString: &[]string{"prod", "test"}},
				},
				{
					Property: "host", Type: new("property"),
					PropertyValue: &navigator.PropertyValuesToFilter{String: new("*")},
				},
			},
		},
		ColoringScheme: &navigator.ColoringScheme{
			MinValue: new(int64(0)), MaxValue: new(int64(100)), Palette: new("green-red"),
			Thresholds: []navigator.ColoringThreshold{{LowerLimit: new(int32(90)), PaletteIndex: new(int64(4))}},
		},
	}
}
