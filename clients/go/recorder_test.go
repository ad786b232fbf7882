package clients_test

import (
	"net/http"
	"runtime"
	"strings"
)

// methodPrefix precedes the name of a client's method in a stack trace.
const methodPrefix = "github.com/signalfx/signalfx-go.(*Client)."

// recorder is the HTTP transport of one case. It records which method of the client made each request, which it reads
// from the stack: methods of several kinds send the same request.
type recorder struct {
	// statuses are those of the responses to each method, in order.
	statuses map[string][]int
}

func newRecorder() *recorder {
	return &recorder{statuses: map[string][]int{}}
}

// RoundTrip sends the request and records the status of the response.
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	method := callingMethod()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	r.statuses[method] = append(r.statuses[method], response.StatusCode)
	return response, nil
}

// callingMethod returns the outermost method of the client on the stack: one method may call another.
func callingMethod() string {
	callers := make([]uintptr, 128)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	method := ""
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if name, found := strings.CutPrefix(frame.Function, methodPrefix); found {
			method = name
		}
	}
	return method
}
