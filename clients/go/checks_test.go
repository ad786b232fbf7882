package clients_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/signalfx/signalfx-go"
)

// must fails the test on an error. That of a response shows the body, which has the reason.
func must(t testing.TB, err error) {
	t.Helper()
	if response, ok := signalfx.AsResponseError(err); ok {
		t.Fatalf("%v: %s", err, response.Details())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fails checks that a call fails with this status.
func fails(t testing.TB, expected int, err error) {
	t.Helper()
	if actual := status(err); actual != expected {
		t.Fatalf("the call fails with %d (%v), expected %d", actual, err, expected)
	}
}

// status returns the status of a call that failed, and 0 for any other.
func status(err error) int {
	if response, ok := signalfx.AsResponseError(err); ok {
		return response.Code()
	}
	return 0
}

// equal checks that a value is as expected.
func equal[V comparable](t testing.TB, what string, actual, expected V) {
	t.Helper()
	if actual != expected {
		t.Fatalf("%s is %v, expected %v", what, actual, expected)
	}
}

// same checks that two responses have the same JSON.
func same(t testing.TB, what string, actual, expected any) {
	t.Helper()
	if !reflect.DeepEqual(decoded(t, actual), decoded(t, expected)) {
		t.Fatalf("%s is\n%s\nexpected\n%s", what, encoded(t, actual), encoded(t, expected))
	}
}

// echoes checks that a response has every field of the request with its value, and none of the hidden fields.
func echoes(t testing.TB, response, request any, hidden ...string) {
	t.Helper()
	if problem := difference("", decoded(t, response), decoded(t, request), hidden); problem != "" {
		t.Fatalf("%s, in the response\n%s\nto\n%s", problem, encoded(t, response), encoded(t, request))
	}
}

// difference describes the first value in which a response differs from the request, or is empty.
func difference(path string, response, request any, hidden []string) string {
	switch request := request.(type) {
	case nil:
		// Not given.
		return ""
	case map[string]any:
		return differentField(path, response, request, hidden)
	case []any:
		elements, _ := response.([]any)
		if len(elements) != len(request) {
			return fmt.Sprintf("%s has %d elements, expected %d", path, len(elements), len(request))
		}
		for i, element := range request {
			place := fmt.Sprintf("%s[%d]", path, i)
			if problem := difference(place, elements[i], element, hidden); problem != "" {
				return problem
			}
		}
		return ""
	}
	if response != request && !(isEmpty(request) && isEmpty(response)) {
		return fmt.Sprintf("%s is %v, expected %v", path, response, request)
	}
	return ""
}

func differentField(path string, response any, request map[string]any, hidden []string) string {
	fields, _ := response.(map[string]any)
	for name, value := range request {
		place := path + "." + name
		if slices.Contains(hidden, name) {
			if !isEmpty(fields[name]) {
				return place + " is shown"
			}
		} else if problem := difference(place, fields[name], value, hidden); problem != "" {
			return problem
		}
	}
	return ""
}

// isEmpty reports whether the client's types may leave out this value.
func isEmpty(value any) bool {
	return value == nil || value == "" || value == false || value == 0.0
}

func decoded(t testing.TB, value any) any {
	t.Helper()
	var result any
	must(t, json.Unmarshal(encoded(t, value), &result))
	return result
}

func encoded(t testing.TB, value any) []byte {
	t.Helper()
	result, err := json.MarshalIndent(value, "", "  ")
	must(t, err)
	return result
}

// checkPages checks that the pages of a list together have exactly these ids, in any order.
func checkPages[R any](t testing.TB, id func(R) string, expected []string, pages ...[]R) {
	t.Helper()
	var ids []string
	for _, result := range slices.Concat(pages...) {
		ids = append(ids, id(result))
	}
	slices.Sort(ids)
	if expected = slices.Sorted(slices.Values(expected)); !slices.Equal(ids, expected) {
		t.Fatalf("the list has %v, expected %v", ids, expected)
	}
}
