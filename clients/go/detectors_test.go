package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/detector"
	"github.com/signalfx/signalfx-go/notification"
)

var detectorCases = union(
	replace(detectors.cases("Detector"), map[string]testCase{"UpdateDetector": updateDetector}),
	map[string]testCase{
		"DisableDetector":      disableDetector,
		"EnableDetector":       enableDetector,
		"GetDetectorEvents":    getDetectorEvents,
		"GetDetectorIncidents": getDetectorIncidents,
		"GetDetectors":         getDetectors,
		"SearchDetectors":      searchDetectors,
		"ValidateDetector":     validateDetector,
	},
)

type detectorRequest = detector.CreateUpdateDetectorRequest

const program = `A = data('cpu.utilization').mean(by=['host']).publish('A', enable=False)
detect(when(A > 90, '5m')).publish('hot')
detect(when(A > 70, '5m')).publish('warm')
`

var detectors = kind[detectorRequest, detectorRequest, detector.Detector]{
	create: (*signalfx.Client).CreateDetector,
	get:    (*signalfx.Client).GetDetector,
	update: (*signalfx.Client).UpdateDetector,
	remove: (*signalfx.Client).DeleteDetector,
	id:     func(d *detector.Detector) string { return d.Id },
	first: func(t *tester) *detectorRequest {
		return &detectorRequest{
			Name: t.unique("High CPU"), Description: "of a host", ProgramText: program, TimeZone: "Europe/Warsaw",
			Tags: []string{"hardware", "prod"}, Teams: []string{teams.created(t).Id},
			MaxDelay: new(int32(60000)), MinDelay: new(int32(0)), CustomProperties: "a text",
			Rules: []*detector.Rule{hotRule(t), {DetectLabel: "warm", Severity: detector.WARNING, Disabled: true}},
			VisualizationOptions: &detector.Visualization{
				DisableSampling: true, ShowDataMarkers: true, ShowEventLines: true,
				Time: &detector.Time{Type: "relative", Range: new(int64(3600000))},
				PublishLabelOptions: []*detector.PublishLabelOptions{{
					Label: "A", DisplayName: "CPU", PaletteIndex: new(int32(2)), ValueSuffix: "%", ValueUnit: "Byte",
				}},
			},
		}
	},
	second: func(t *tester) *detectorRequest {
		return &detectorRequest{
			Name: t.unique("Low CPU"), ProgramText: "detect(when(data('cpu') < 1)).publish('idle')",
			Tags: []string{}, Teams: []string{}, TimeZone: "UTC",
			Rules: []*detector.Rule{{DetectLabel: "idle", Severity: detector.INFO}},
		}
	},
}

func hotRule(t *tester) *detector.Rule {
	return &detector.Rule{
		DetectLabel: "hot", Severity: detector.CRITICAL, Description: "CPU > 90 for 5m",
		ParameterizedSubject: "{{ruleName}}", ParameterizedBody: "{{inputs.A.value}}",
		RunbookUrl: "https://example.com/runbook", Tip: "Restart it.",
		ReminderNotification: &detector.ReminderNotification{
			Type: "TIMEOUT", IntervalMs: 300000, TimeoutMs: 3600000,
		},
		SkipClearNotificationStates: []string{"AUTO_RESOLVED", "STOPPED"},
		Notifications: notifications(
			&notification.EmailNotification{Type: "Email", Email: "ops@example.com", Cc: []string{"dev@example.com"}},
			&notification.SlackNotification{Type: "Slack", Channel: "alerts", CredentialId: slack.created(t).Id},
		),
	}
}

// updateDetector also checks that tags and teams are kept when they are absent, and who may write.
func updateDetector(t *tester) {
	request := detectors.first(t)
	created := create(t, (*signalfx.Client).CreateDetector, request)
	absent := *request
	absent.Tags, absent.Teams = nil, nil
	kept := detectors.changed(t, created.Id, &absent)
	same(t, "tags", kept.Tags, request.Tags)
	same(t, "teams", kept.Teams, request.Teams)
	second := detectors.second(t)
	cleared := detectors.changed(t, created.Id, second)
	equal(t, "the number of tags", len(cleared.Tags), 0)
	equal(t, "the number of teams", len(cleared.Teams), 0)
	equal(t, "the description", cleared.Description, "")
	second.AuthorizedWriters = &detector.AuthorizedWriters{Users: []string{t.server.administrator.id}}
	detectors.changed(t, created.Id, second)
}

func disableDetector(t *tester) {
	created := detectors.created(t)
	must(t, t.DisableDetector(t.Context(), created.Id, []string{"hot"}))
	checkDisabled(t, created.Id, true, true)
	must(t, t.DisableDetector(t.Context(), created.Id, nil))
	checkDisabled(t, created.Id, true, true)
	fails(t, http.StatusBadRequest, t.DisableDetector(t.Context(), created.Id, []string{"no such label"}))
	fails(t, http.StatusNotFound, t.DisableDetector(t.Context(), unknown, []string{"hot"}))
}

func enableDetector(t *tester) {
	created := detectors.created(t)
	checkDisabled(t, created.Id, false, true)
	must(t, t.EnableDetector(t.Context(), created.Id, []string{"warm"}))
	checkDisabled(t, created.Id, false, false)
	must(t, t.EnableDetector(t.Context(), created.Id, []string{}))
	checkDisabled(t, created.Id, false, false)
	fails(t, http.StatusBadRequest, t.EnableDetector(t.Context(), created.Id, []string{"no such label"}))
	fails(t, http.StatusNotFound, t.EnableDetector(t.Context(), unknown, []string{"hot"}))
}

// checkDisabled checks which of the rules are disabled.
func checkDisabled(t *tester, id string, expected ...bool) {
	t.Helper()
	read, err := t.GetDetector(t.Context(), id)
	must(t, err)
	var disabled []bool
	for _, rule := range read.Rules {
		disabled = append(disabled, rule.Disabled)
	}
	same(t, "which rules are disabled", disabled, expected)
}

func getDetectors(t *tester) {
	name := t.unique("Found")
	var ids []string
	for _, suffix := range []string{" a", " b", " c"} {
		ids = append(ids, namedDetector(t, name+suffix, "other"))
	}
	first, err := t.GetDetectors(t.Context(), 2, name, 0)
	must(t, err)
	second, err := t.GetDetectors(t.Context(), 2, name, 2)
	must(t, err)
	checkPages(t, detectors.id, ids, first, second)
}

func searchDetectors(t *tester) {
	name, tag := t.unique("Found"), t.label("tag")
	ids := []string{
		namedDetector(t, name+" a", "other"), namedDetector(t, name+" b", tag), namedDetector(t, name+" c", "other"),
	}
	first, err := t.SearchDetectors(t.Context(), 2, name, 0, "")
	must(t, err)
	second, err := t.SearchDetectors(t.Context(), 2, name, 2, "")
	must(t, err)
	id := func(d detector.Detector) string { return d.Id }
	checkPages(t, id, ids, first.Results, second.Results)
	equal(t, "count", second.Count, 3)
	tagged, err := t.SearchDetectors(t.Context(), 10, "", 0, tag)
	must(t, err)
	checkPages(t, id, ids[1:2], tagged.Results)
}

// namedDetector creates a detector and returns its id.
func namedDetector(t *tester, name, tag string) string {
	t.Helper()
	request := detectors.second(t)
	request.Name, request.Tags = name, []string{tag}
	return create(t, (*signalfx.Client).CreateDetector, request).Id
}

// getDetectorEvents checks the empty array: the server evaluates no detector.
func getDetectorEvents(t *tester) {
	created := detectors.created(t)
	events, err := t.GetDetectorEvents(t.Context(), created.Id, 0, 0, 0, 10)
	must(t, err)
	equal(t, "whether there is an array", events != nil, true)
	equal(t, "the number of events", len(events), 0)
	_, err = t.GetDetectorEvents(t.Context(), unknown, 0, 0, 0, 10)
	fails(t, http.StatusNotFound, err)
}

// getDetectorIncidents checks the empty array: the server evaluates no detector.
func getDetectorIncidents(t *tester) {
	created := detectors.created(t)
	incidents, err := t.GetDetectorIncidents(t.Context(), created.Id, 0, 10)
	must(t, err)
	equal(t, "whether there is an array", incidents != nil, true)
	equal(t, "the number of incidents", len(incidents), 0)
	_, err = t.GetDetectorIncidents(t.Context(), unknown, 0, 10)
	fails(t, http.StatusNotFound, err)
}

// validateDetector also sends visualization options, which are an array in this request alone.
func validateDetector(t *tester) {
	request := &detector.ValidateDetectorRequestModel{
		Name: t.unique("Valid"), ProgramText: program, MaxDelay: 60000, TimeZone: "UTC", Tags: []string{"prod"},
		Rules: []*detector.Rule{{DetectLabel: "no such label", Severity: detector.CRITICAL}},
	}
	fails(t, http.StatusBadRequest, t.ValidateDetector(t.Context(), request))
	request.Rules[0].DetectLabel = "hot"
	must(t, t.ValidateDetector(t.Context(), request))
	found, err := t.GetDetectors(t.Context(), 10, request.Name, 0)
	must(t, err)
	equal(t, "the number of detectors that validation created", len(found), 0)
	request.VisualizationOptions = []detector.Visualization{{ShowDataMarkers: true}}
	must(t, t.ValidateDetector(t.Context(), request))
}
