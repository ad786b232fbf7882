package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/chart"
	"github.com/signalfx/signalfx-go/detector"
	"github.com/signalfx/signalfx-go/notification"
	"github.com/signalfx/signalfx-go/slo"
)

var sloCases = union(
	replace(slos.cases("Slo"), map[string]testCase{"CreateSlo": createSlo}),
	map[string]testCase{"ValidateSlo": validateSlo},
)

var sloChartCases = map[string]testCase{
	"CreateSloChart": createSloChart,
	"UpdateSloChart": updateSloChart,
}

var slos = document[slo.SloObject]{
	create: (*signalfx.Client).CreateSlo,
	get:    (*signalfx.Client).GetSlo,
	update: (*signalfx.Client).UpdateSlo,
	remove: (*signalfx.Client).DeleteSlo,
	id:     func(s *slo.SloObject) string { return s.Id },
	first: func(t *tester) *slo.SloObject {
		breach := &slo.BreachDetectorRule{
			Rule:       sloRule(detector.WARNING),
			Parameters: &slo.BreachDetectorParameters{FireLasting: "10m", PercentOfLasting: 50.5},
		}
		return requestBased(t, "G", slo.SloTarget{
			BaseSloTarget: slo.BaseSloTarget{
				Type: slo.RollingWindowTarget, Slo: 99.5,
				SloAlertRules: []slo.SloAlertRule{{
					BaseSloAlertRule:   slo.BaseSloAlertRule{Type: slo.BreachRule},
					BreachSloAlertRule: &slo.BreachSloAlertRule{Rules: []*slo.BreachDetectorRule{breach}},
				}},
			},
			RollingWindowSloTarget: &slo.RollingWindowSloTarget{CompliancePeriod: "30d"},
		})
	},
	second: func(t *tester) *slo.SloObject {
		return requestBased(t, "Good", slo.SloTarget{
			BaseSloTarget: slo.BaseSloTarget{
				Type: slo.CalendarWindowTarget, Slo: 95, SloAlertRules: budgetRules(),
			},
			CalendarWindowSloTarget: &slo.CalendarWindowSloTarget{CycleType: "week", CycleStart: "Monday"},
		})
	},
}

func requestBased(t *tester, good string, target slo.SloTarget) *slo.SloObject {
	return &slo.SloObject{
		BaseSlo: slo.BaseSlo{
			Type: slo.RequestBased, Name: t.unique("Checkout"), Description: "of the shop",
			Targets: []slo.SloTarget{target},
		},
		RequestBasedSlo: &slo.RequestBasedSlo{Inputs: &slo.RequestBasedSloInput{
			ProgramText:     good + " = data('spans', filter=filter('sf_error', 'false'))\nT = data('spans')",
			GoodEventsLabel: good, TotalEventsLabel: "T",
		}},
	}
}

// budgetRules are the alert rules of an error budget.
func budgetRules() []slo.SloAlertRule {
	return []slo.SloAlertRule{
		{
			BaseSloAlertRule: slo.BaseSloAlertRule{Type: slo.ErrorBudgetLeftRule},
			ErrorBudgetLeftSloAlertRule: &slo.ErrorBudgetLeftSloAlertRule{Rules: []*slo.ErrorBudgetLeftDetectorRule{{
				Rule: sloRule(detector.MAJOR),
				Parameters: &slo.ErrorBudgetLeftDetectorParameters{
					FireLasting: "5m", PercentOfLasting: 100, PercentErrorBudgetLeft: 20,
				},
			}}},
		},
		{
			BaseSloAlertRule: slo.BaseSloAlertRule{Type: slo.BurnRateRule},
			BurnRateSloAlertRule: &slo.BurnRateSloAlertRule{Rules: []*slo.BurnRateDetectorRule{{
				Rule: sloRule(detector.CRITICAL),
				Parameters: &slo.BurnRateDetectorParameters{
					ShortWindow1: "5m", LongWindow1: "1h", ShortWindow2: "30m", LongWindow2: "6h",
					BurnRateThreshold1: 14.4, BurnRateThreshold2: 6,
				},
			}}},
		},
	}
}

func sloRule(severity detector.Severity) detector.Rule {
	email := &notification.EmailNotification{Type: "Email", Email: "ops@example.com"}
	return detector.Rule{Severity: severity, Description: "of the objective", Notifications: notifications(email)}
}

// createSlo also creates an SLO of windows.
func createSlo(t *tester) {
	slos.creates(t)
	request := slos.first(t)
	request.Type, request.RequestBasedSlo = slo.WindowsBased, nil
	request.WindowBasedSlo = &slo.WindowBasedSlo{Inputs: &slo.WindowBasedSloInput{
		ProgramText: "when(data('cpu.utilization').mean() < 80).publish('good')",
	}}
	created, err := t.CreateSlo(t.Context(), request)
	must(t, err)
	echoes(t, created, request)
	read, err := t.GetSlo(t.Context(), created.Id)
	must(t, err)
	same(t, "what is read", read, created)
}

func validateSlo(t *tester) {
	request := slos.first(t)
	must(t, t.ValidateSlo(t.Context(), request))
	request.Targets = nil
	fails(t, http.StatusBadRequest, t.ValidateSlo(t.Context(), request))
}

// createSloChart also checks that the chart is read and deleted as any other.
func createSloChart(t *tester) {
	objective := slos.created(t)
	created, err := t.CreateSloChart(t.Context(), &chart.CreateUpdateSloChartRequest{SloId: objective.Id})
	must(t, err)
	equal(t, "the SLO", created.SloId, objective.Id)
	equal(t, "the type", created.Options.Type, "SLO")
	read, err := t.GetChart(t.Context(), created.Id)
	must(t, err)
	same(t, "what is read", read, created)
	must(t, t.DeleteChart(t.Context(), created.Id))
	_, err = t.GetChart(t.Context(), created.Id)
	fails(t, http.StatusNotFound, err)
	_, err = t.CreateSloChart(t.Context(), &chart.CreateUpdateSloChartRequest{SloId: unknown})
	fails(t, http.StatusBadRequest, err)
}

func updateSloChart(t *tester) {
	first, second := slos.created(t), slos.created(t)
	created := create(t, (*signalfx.Client).CreateSloChart, &chart.CreateUpdateSloChartRequest{SloId: first.Id})
	updated, err := t.UpdateSloChart(t.Context(), created.Id, &chart.CreateUpdateSloChartRequest{SloId: second.Id})
	must(t, err)
	equal(t, "the id", updated.Id, created.Id)
	equal(t, "the SLO", updated.SloId, second.Id)
	read, err := t.GetChart(t.Context(), created.Id)
	must(t, err)
	same(t, "what is read", read, updated)
}
