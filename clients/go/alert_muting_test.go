package clients_test

import (
	"strings"
	"time"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/alertmuting"
)

var alertMutingCases = union(
	replace(alertMutingRules.cases("AlertMutingRule"), map[string]testCase{
		"UpdateAlertMutingRule": updateAlertMutingRule,
	}),
	map[string]testCase{"SearchAlertMutingRules": searchAlertMutingRules},
)

type mutingRequest = alertmuting.CreateUpdateAlertMutingRuleRequest

var alertMutingRules = kind[mutingRequest, mutingRequest, alertmuting.AlertMutingRule]{
	create: (*signalfx.Client).CreateAlertMutingRule,
	get:    (*signalfx.Client).GetAlertMutingRule,
	update: (*signalfx.Client).UpdateAlertMutingRule,
	remove: (*signalfx.Client).DeleteAlertMutingRule,
	id:     func(r *alertmuting.AlertMutingRule) string { return r.Id },
	first: func(t *tester) *mutingRequest {
		return &mutingRequest{
			Description: t.unique("maintenance"),
			Filters: []*alertmuting.AlertMutingRuleFilter{
				mutingFilter("host", "web-1"),
				{
					Property: "env", NOT: true,
					PropertyValue: alertmuting.StringOrArray{Values: []string{"prod", "test"}},
				},
				mutingFilter("sf_detectorId", namedDetector(t, t.unique("muted"), "other")),
			},
			StartTime: hoursFromNow(1), StopTime: hoursFromNow(2),
			Recurrence:                         &alertmuting.AlertMutingRuleRecurrence{Unit: "d", Value: 2},
			SendAlertsOnceMutingPeriodHasEnded: true,
		}
	},
	second: func(t *tester) *mutingRequest {
		return &mutingRequest{
			Description: t.unique("longer maintenance"),
			Filters:     []*alertmuting.AlertMutingRuleFilter{mutingFilter("host", "web-2")},
			StartTime:   hoursFromNow(3), StopTime: hoursFromNow(24),
			Recurrence: &alertmuting.AlertMutingRuleRecurrence{Unit: "w", Value: 1},
		}
	},
}

func mutingFilter(property, value string) *alertmuting.AlertMutingRuleFilter {
	values := alertmuting.StringOrArray{Values: []string{value}}
	return &alertmuting.AlertMutingRuleFilter{Property: property, PropertyValue: values}
}

// hoursFromNow returns a time in milliseconds since 1970 UTC.
func hoursFromNow(hours int64) int64 {
	return time.Now().UnixMilli() + hours*3600*1000
}

// updateAlertMutingRule also removes the recurrence and the end.
func updateAlertMutingRule(t *tester) {
	created := alertMutingRules.created(t)
	request := alertMutingRules.second(t)
	alertMutingRules.changed(t, created.Id, request)
	request.Recurrence, request.StopTime = nil, 0
	updated := alertMutingRules.changed(t, created.Id, request)
	equal(t, "the stop time", updated.StopTime, 0)
	equal(t, "whether it recurs", updated.Recurrence != nil, false)
}

// searchAlertMutingRules finds rules by state, in any case, and by text.
func searchAlertMutingRules(t *tester) {
	word := t.label("searched")
	rule := func(startTime, stopTime int64) string {
		return create(t, (*signalfx.Client).CreateAlertMutingRule, &mutingRequest{
			Description: word, StartTime: startTime, StopTime: stopTime,
			Filters: []*alertmuting.AlertMutingRuleFilter{mutingFilter("host", word)},
		}).Id
	}
	// A rule without a start is in effect at once.
	ongoing, future := rule(0, hoursFromNow(1)), rule(hoursFromNow(2), hoursFromNow(3))
	expected := map[string][]string{
		"All": {ongoing, future}, "Open": {ongoing, future}, "Ongoing": {ongoing}, "Future": {future}, "Past": {},
	}
	for state, ids := range expected {
		for _, include := range []string{state, strings.ToUpper(state), strings.ToLower(state)} {
			found, err := t.SearchAlertMutingRules(t.Context(), include, 10, word, 0)
			must(t, err)
			checkPages(t, func(r alertmuting.AlertMutingRule) string { return r.Id }, ids, found.Results)
			equal(t, "count", int(found.Count), len(ids))
		}
	}
	second, err := t.SearchAlertMutingRules(t.Context(), "All", 1, word, 1)
	must(t, err)
	equal(t, "the number of rules on the second page", len(second.Results), 1)
	equal(t, "count", second.Count, 2)
}
