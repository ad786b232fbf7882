package clients_test

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/metrics_metadata"
	"github.com/signalfx/signalfx-go/orgtoken"
)

var dimensionCases = map[string]testCase{
	"GetDimension":    getDimension,
	"SearchDimension": searchDimension,
	"UpdateDimension": updateDimension,
}

var metricCases = map[string]testCase{
	"CreateUpdateMetric": createUpdateMetric,
	"GetMetric":          getMetric,
	"SearchMetric":       searchMetric,
}

var timeSeriesCases = map[string]testCase{
	"GetMetricTimeSeries":    getMetricTimeSeries,
	"SearchMetricTimeSeries": searchMetricTimeSeries,
}

// sent is a datapoint of a gauge that was sent. Its metric and its host are unique.
type sent struct {
	metric, host string
}

// sendDatapoint sends a datapoint, from which the server learns the metric, its type and its dimension.
func sendDatapoint(t *tester) sent {
	t.Helper()
	request := &orgtoken.CreateUpdateTokenRequest{Name: t.unique("agent"), AuthScopes: []string{"INGEST"}}
	token := create(t, (*signalfx.Client).CreateOrgToken, request)
	point := sent{metric: t.label("cpu.load"), host: t.label("web")}
	gauge := map[string]any{"metric": point.metric, "value": 0.5, "dimensions": map[string]string{"host": point.host}}
	status, body := t.call(http.MethodPost, "/v2/datapoint", token.Secret, map[string]any{"gauge": []any{gauge}})
	equal(t, "the response to the datapoint "+string(body), status, http.StatusOK)
	return point
}

func getDimension(t *tester) {
	point := sendDatapoint(t)
	read := eventually(t, func() (*metrics_metadata.Dimension, error) {
		return t.GetDimension(t.Context(), "host", point.host)
	}, exists)
	equal(t, "the key", read.Key, "host")
	equal(t, "the value", read.Value, point.host)
	_, err := t.GetDimension(t.Context(), "host", t.label("no-such-host"))
	fails(t, http.StatusNotFound, err)
}

func updateDimension(t *tester) {
	point := sendDatapoint(t)
	request := &metrics_metadata.Dimension{
		Key: "host", Value: point.host, Description: "in the cellar",
		CustomProperties: map[string]string{"owner": "ops"}, Tags: []string{t.label("rack")},
	}
	updated := eventually(t, func() (*metrics_metadata.Dimension, error) {
		return t.UpdateDimension(t.Context(), "host", point.host, request)
	}, exists)
	echoes(t, updated, request)
	read, err := t.GetDimension(t.Context(), "host", point.host)
	must(t, err)
	same(t, "what is read", read, updated)
	request = &metrics_metadata.Dimension{Key: "host", Value: point.host}
	cleared, err := t.UpdateDimension(t.Context(), "host", point.host, request)
	must(t, err)
	equal(t, "the description", cleared.Description, "")
	equal(t, "the number of tags", len(cleared.Tags), 0)
}

func searchDimension(t *tester) {
	first, second := sendDatapoint(t), sendDatapoint(t)
	search := func(query string, limit, offset int, count int32) []*metrics_metadata.Dimension {
		return eventually(t, func() (*metrics_metadata.DimensionQueryResponseModel, error) {
			return t.SearchDimension(t.Context(), query, "-sf_timestamp", limit, offset)
		}, func(response *metrics_metadata.DimensionQueryResponseModel) bool { return response.Count == count }).Results
	}
	checkPages(t, dimensionValue, []string{first.host}, search("host:"+first.host, 10, 0, 1))
	both := "host:" + first.host + " OR host:" + second.host
	checkPages(t, dimensionValue, []string{first.host, second.host}, search(both, 1, 0, 2), search(both, 1, 1, 2))
	without := "(" + both + ") AND NOT host:" + second.host
	checkPages(t, dimensionValue, []string{first.host}, search(without, 10, 0, 1))
	checkPages(t, dimensionValue, []string{first.host}, search("key:host AND host:"+first.host+"*", 10, 0, 1))
	checkPages(t, dimensionValue, nil, search("host:"+first.host+" AND host:"+second.host, 10, 0, 0))
}

func dimensionValue(d *metrics_metadata.Dimension) string { return d.Value }

// createUpdateMetric makes a metric of which no data was sent, and changes it.
func createUpdateMetric(t *tester) {
	name := t.label("orders")
	request := &metrics_metadata.CreateUpdateMetricRequest{
		Description: "of the shop", Type: "COUNTER", Tags: []string{t.label("sales")},
		CustomProperties: map[string]string{"owner": "shop"},
	}
	created, err := t.CreateUpdateMetric(t.Context(), name, request)
	must(t, err)
	equal(t, "the name", created.Name, name)
	echoes(t, created, request)
	read, err := t.GetMetric(t.Context(), name)
	must(t, err)
	same(t, "what is read", read, created)
	request = &metrics_metadata.CreateUpdateMetricRequest{Type: "COUNTER", Description: "of all shops"}
	updated, err := t.CreateUpdateMetric(t.Context(), name, request)
	must(t, err)
	equal(t, "the description", updated.Description, "of all shops")
	equal(t, "the number of tags", len(updated.Tags), 0)
}

func getMetric(t *tester) {
	point := sendDatapoint(t)
	read := eventually(t, func() (*metrics_metadata.Metric, error) {
		return t.GetMetric(t.Context(), point.metric)
	}, exists)
	equal(t, "the name", read.Name, point.metric)
	equal(t, "the type", read.Type, "GAUGE")
	_, err := t.GetMetric(t.Context(), t.label("no-such-metric"))
	fails(t, http.StatusNotFound, err)
}

func searchMetric(t *tester) {
	first, second := sendDatapoint(t), sendDatapoint(t)
	search := func(query string, limit, offset int, count int32) []*metrics_metadata.Metric {
		return eventually(t, func() (*metrics_metadata.RetrieveMetricMetadataResponseModel, error) {
			return t.SearchMetric(t.Context(), query, "name", limit, offset)
		}, func(response *metrics_metadata.RetrieveMetricMetadataResponseModel) bool {
			return response.Count == count
		}).Results
	}
	name := func(m *metrics_metadata.Metric) string { return m.Name }
	checkPages(t, name, []string{first.metric}, search("name:"+first.metric, 10, 0, 1))
	both := "name:" + first.metric + " OR name:" + second.metric
	checkPages(t, name, []string{first.metric, second.metric}, search(both, 1, 0, 2), search(both, 1, 1, 2))
	everything, err := t.SearchMetric(t.Context(), "*", "", 1, 0)
	must(t, err)
	equal(t, "whether all metrics are found", everything.Count >= 2, true)
}

// getMetricTimeSeries reads the id from a search, since the client's type for a time series has none.
func getMetricTimeSeries(t *tester) {
	point := sendDatapoint(t)
	id := eventually(t, func() (string, error) {
		return timeSeriesID(t, point), nil
	}, func(id string) bool { return id != "" })
	read, err := t.GetMetricTimeSeries(t.Context(), id)
	must(t, err)
	equal(t, "the metric", read.Metric, point.metric)
	equal(t, "the type", read.Type, "GAUGE")
	equal(t, "the host", read.Dimensions["host"], any(point.host))
	_, err = t.GetMetricTimeSeries(t.Context(), unknown)
	fails(t, http.StatusNotFound, err)
}

// timeSeriesID returns the id of a point's time series, or an empty text while it is not found.
func timeSeriesID(t *tester, point sent) string {
	t.Helper()
	path := "/v2/metrictimeseries?query=" + url.QueryEscape("sf_metric:"+point.metric)
	status, body := t.call(http.MethodGet, path, t.server.token, nil)
	equal(t, "the response to the search "+string(body), status, http.StatusOK)
	var response struct {
		Results []struct {
			ID string `json:"id"`
		} `json:"results"`
	}
	must(t, json.Unmarshal(body, &response))
	if len(response.Results) == 0 {
		return ""
	}
	return response.Results[0].ID
}

func searchMetricTimeSeries(t *tester) {
	point := sendDatapoint(t)
	query := "sf_metric:" + point.metric + " AND host:" + point.host
	response := eventually(t, func() (*metrics_metadata.MetricTimeSeriesRetrieveResponseModel, error) {
		return t.SearchMetricTimeSeries(t.Context(), query, "", 10, 0)
	}, func(response *metrics_metadata.MetricTimeSeriesRetrieveResponseModel) bool {
		return response.Count == 1
	})
	equal(t, "the number of time series", len(response.Results), 1)
	equal(t, "the metric", response.Results[0].Metric, point.metric)
	equal(t, "the host", response.Results[0].Dimensions["host"], any(point.host))
	beyond, err := t.SearchMetricTimeSeries(t.Context(), query, "", 10, 1000)
	must(t, err)
	equal(t, "count beyond the last page", beyond.Count, 1)
	equal(t, "the number of time series beyond the last page", len(beyond.Results), 0)
}
