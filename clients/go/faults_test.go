package clients_test

import "testing"

// fault is a status that differs from what the contract has, with the reason.
type fault struct {
	status int
	reason string
}

// faults has the methods whose case fails: the server responds with another status than the contract has.
var faults = map[string]fault{}

// ended is the panic that ends a case before it is done.
type ended struct{}

// checkFault runs the case of a method with a fault, with which it must end.
func checkFault(t *testing.T, server *server, name string) {
	t.Helper()
	tester := newTester(t, server, newRecorder(""))
	tester.fault = faults[name]
	if !endsEarly(cases[name], tester) {
		t.Errorf("the case of %s passes: remove it from the table `faults`", name)
	}
}

// endsEarly runs a case and returns whether it ended before it was done.
func endsEarly(test testCase, tester *tester) (early bool) {
	defer func() {
		if reason := recover(); reason == any(ended{}) {
			early = true
		} else if reason != nil {
			panic(reason)
		}
	}()
	test(tester)
	return false
}

// endAtFault ends the case if an error is the fault that is expected of its method.
func endAtFault(t testing.TB, err error) {
	if tester, ok := t.(*tester); ok && tester.fault.status != 0 && tester.fault.status == status(err) {
		panic(ended{})
	}
}
