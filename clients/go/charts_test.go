package clients_test

import (
	"encoding/json"
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/chart"
)

var chartCases = union(
	replace(charts.cases("Chart"), map[string]testCase{"CreateChart": createChart}),
	map[string]testCase{
		"SearchCharts":  searchCharts,
		"ValidateChart": validateChart,
	},
)

var charts = kind[chart.CreateUpdateChartRequest, chart.CreateUpdateChartRequest, chart.Chart]{
	create: (*signalfx.Client).CreateChart,
	get:    (*signalfx.Client).GetChart,
	update: (*signalfx.Client).UpdateChart,
	remove: (*signalfx.Client).DeleteChart,
	id:     func(c *chart.Chart) string { return c.Id },
	first: func(t *tester) *chart.CreateUpdateChartRequest {
		return &chart.CreateUpdateChartRequest{
			Name: t.unique("CPU"), Description: "per host", Tags: []string{"hardware", "prod"},
			ProgramText: "data('cpu.utilization').mean(by=['host']).publish(label='CPU')",
			Options: &chart.Options{
				Type: "TimeSeriesChart", DefaultPlotType: "LineChart", ColorBy: "Metric", UnitPrefix: "Binary",
				IncludeZero: true, ShowEventLines: true,
				Axes: []*chart.Axes{{Label: "percent", Min: new(0.0), Max: new(100.5), HighWatermark: new(90.0)}},
				Time: &chart.TimeDisplayOptions{Type: "relative", Range: new(int64(900000))},
				LegendOptions: &chart.DataTableOptions{Fields: []*chart.DataTableOptionsFields{
					{Property: "host", Enabled: true},
				}},
				LineChartOptions: &chart.LineChartOptions{ShowDataMarkers: true},
				ProgramOptions: &chart.GeneralOptions{
					MaxDelay: new(int32(60000)), MinimumResolution: new(int32(1000)), Timezone: "UTC",
				},
				PublishLabelOptions: []*chart.PublishLabelOptions{
					{Label: "CPU", DisplayName: "CPU", PaletteIndex: new(int32(0)), ValueUnit: "Byte"},
				},
			},
		}
	},
	second: func(t *tester) *chart.CreateUpdateChartRequest {
		return &chart.CreateUpdateChartRequest{
			Name: t.unique("Memory"), ProgramText: "data('memory.used').publish(label='Memory')",
			Options: &chart.Options{
				Type: "SingleValue", RefreshInterval: new(int32(5000)), MaximumPrecision: new(int32(4)),
				ColorScale2: []*chart.SecondaryVisualization{{Gt: new(80.0), PaletteIndex: new(int32(16))}},
			},
		}
	},
}

// createChart also checks custom properties, which are a text in the client's request and absent in its response.
func createChart(t *tester) {
	charts.creates(t)
	request := charts.second(t)
	request.CustomProperties = "a text"
	created := create(t, (*signalfx.Client).CreateChart, request)
	status, body := t.call(http.MethodGet, "/v2/chart/"+created.Id, t.server.token, nil)
	equal(t, "the status of the chart", status, http.StatusOK)
	echoes(t, json.RawMessage(body), request)
}

func searchCharts(t *tester) {
	name, tag := t.unique("Found"), t.label("tag")
	var ids []string
	for _, suffix := range []string{" a", " b", " c"} {
		request := charts.first(t)
		request.Name, request.Tags = name+suffix, []string{"other"}
		if suffix == " b" {
			request.Tags = []string{"other", tag}
		}
		ids = append(ids, create(t, (*signalfx.Client).CreateChart, request).Id)
	}
	first, err := t.SearchCharts(t.Context(), 2, name, 0, "")
	must(t, err)
	second, err := t.SearchCharts(t.Context(), 2, name, 2, "")
	must(t, err)
	beyond, err := t.SearchCharts(t.Context(), 2, name, 1000, "")
	must(t, err)
	checkPages(t, chartID, ids, first.Results, second.Results, beyond.Results)
	equal(t, "count", first.Count, 3)
	equal(t, "count beyond the last page", beyond.Count, 3)
	tagged, err := t.SearchCharts(t.Context(), 10, "", 0, tag)
	must(t, err)
	checkPages(t, chartID, ids[1:2], tagged.Results)
}

func chartID(c *chart.Chart) string { return c.Id }

func validateChart(t *tester) {
	request := charts.first(t)
	must(t, t.ValidateChart(t.Context(), request))
	request.Options = nil
	fails(t, http.StatusBadRequest, t.ValidateChart(t.Context(), request))
	found, err := t.SearchCharts(t.Context(), 10, request.Name, 0, "")
	must(t, err)
	equal(t, "charts that validation created", found.Count, 0)
}
