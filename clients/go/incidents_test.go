package clients_test

import "net/http"

// The server evaluates no detector, so there are no incidents.
var incidentCases = map[string]testCase{
	"GetIncident":  getIncident,
	"GetIncidents": getIncidents,
}

func getIncident(t *tester) {
	_, err := t.GetIncident(t.Context(), unknown)
	fails(t, http.StatusNotFound, err)
	_, err = t.GetIncident(t.Context(), "not-an-id")
	fails(t, http.StatusBadRequest, err)
}

func getIncidents(t *tester) {
	for _, includeResolved := range []bool{false, true} {
		incidents, err := t.GetIncidents(t.Context(), includeResolved, 10, "", 0)
		must(t, err)
		equal(t, "whether there is an array", incidents != nil, true)
		equal(t, "the number of incidents", len(incidents), 0)
	}
}
