package clients_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/signalfx/signalfx-go"
)

// unknown is a well-formed id of no object.
const unknown = "AAAAAAAAAAE"

// testCase calls one method of the client and checks what it returns and what it changes.
type testCase func(*tester)

// tester is what a case works with: the client with an administrator's token, and the server.
type tester struct {
	*testing.T
	*signalfx.Client
	server   *server
	recorder *recorder
	names    int
}

func newTester(t *testing.T, server *server, recorder *recorder) *tester {
	t.Helper()
	return &tester{T: t, Client: server.client(t, server.token, recorder), server: server, recorder: recorder}
}

// unique returns a name that no other object has: cases share a server.
func (t *tester) unique(name string) string {
	t.names++
	return fmt.Sprintf("%s %d of %s", name, t.names, t.Name())
}

// label returns a unique word of lower-case letters, digits and dots, for a metric, a dimension value or a tag.
func (t *tester) label(name string) string {
	t.names++
	return fmt.Sprintf("%s.%x.%d", name, time.Now().UnixNano(), t.names)
}

// call sends a request that the client has no method for, with this token. It returns the status and the body of the
// response.
func (t *tester) call(method, path, token string, body any) (int, []byte) {
	t.Helper()
	content, err := json.Marshal(body)
	must(t, err)
	// Not the context of the test, which is done when the case cleans up.
	address := t.server.address + path
	request, err := http.NewRequestWithContext(context.Background(), method, address, bytes.NewReader(content))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(signalfx.AuthHeaderKey, token)
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer func() { must(t, response.Body.Close()) }()
	answer, err := io.ReadAll(response.Body)
	must(t, err)
	return response.StatusCode, answer
}

// eventually repeats a call until the result is complete, and while it is 404: metadata of sent data may appear later
// than the response.
func eventually[R any](t *tester, call func() (R, error), isComplete func(R) bool) R {
	t.Helper()
	deadline := time.Now().Add(timeout)
	retry := time.NewTicker(50 * time.Millisecond)
	defer retry.Stop()
	for {
		result, err := call()
		if err == nil && isComplete(result) {
			return result
		}
		if err != nil && status(err) != http.StatusNotFound || time.Now().After(deadline) {
			must(t, err)
			t.Fatalf("the result stays incomplete:\n%s", encoded(t, result))
		}
		<-retry.C
	}
}

// exists is for results that are complete when there is one.
func exists[R any](R) bool { return true }
