package clients_test

import (
	"context"
	"net/http"

	"github.com/signalfx/signalfx-go"
)

// kind is a resource that is created, read, updated and deleted by an id.
type kind[Create, Update, Resource any] struct {
	create func(*signalfx.Client, context.Context, *Create) (*Resource, error)
	get    func(*signalfx.Client, context.Context, string) (*Resource, error)
	update func(*signalfx.Client, context.Context, string, *Update) (*Resource, error)
	remove func(*signalfx.Client, context.Context, string) error
	id     func(*Resource) string
	// first and second are requests that differ in most fields.
	first  func(*tester) *Create
	second func(*tester) *Update
	// hidden are the fields of a request that no response has.
	hidden []string
}

// document is a kind whose requests have the type of the resource.
type document[Resource any] = kind[Resource, Resource, Resource]

// cases returns the cases of the four methods with this noun, such as "Chart".
func (k kind[C, U, R]) cases(noun string) map[string]testCase {
	return map[string]testCase{
		"Create" + noun: k.creates,
		"Get" + noun:    k.reads,
		"Update" + noun: k.updates,
		"Delete" + noun: k.deletes,
	}
}

// creates checks that a new object has every field of the request, then and when it is read.
func (k kind[C, U, R]) creates(t *tester) {
	request := k.first(t)
	created := create(t, k.create, request)
	echoes(t, created, request, k.hidden...)
	read, err := k.get(t.Client, t.Context(), k.id(created))
	must(t, err)
	same(t, "what is read", read, created)
}

// reads checks that an object is read as it was created, and that an unknown id is 404.
func (k kind[C, U, R]) reads(t *tester) {
	created := k.created(t)
	read, err := k.get(t.Client, t.Context(), k.id(created))
	must(t, err)
	same(t, "what is read", read, created)
	_, err = k.get(t.Client, t.Context(), unknown)
	fails(t, http.StatusNotFound, err)
}

// updates checks that an updated object has every field of the request, then and when it is read.
func (k kind[C, U, R]) updates(t *tester) {
	created := k.created(t)
	k.changed(t, k.id(created), k.second(t))
}

// deletes checks that a deleted object can neither be read nor deleted again.
func (k kind[C, U, R]) deletes(t *tester) {
	id := k.id(k.created(t))
	must(t, k.remove(t.Client, t.Context(), id))
	_, err := k.get(t.Client, t.Context(), id)
	fails(t, http.StatusNotFound, err)
	fails(t, http.StatusNotFound, k.remove(t.Client, t.Context(), id))
}

// created creates an object with the first request.
func (k kind[C, U, R]) created(t *tester) *R {
	t.Helper()
	return create(t, k.create, k.first(t))
}

// changed updates an object, checks the response, and returns it.
func (k kind[C, U, R]) changed(t *tester, id string, request *U) *R {
	t.Helper()
	updated, err := k.update(t.Client, t.Context(), id, request)
	must(t, err)
	echoes(t, updated, request, k.hidden...)
	read, err := k.get(t.Client, t.Context(), k.id(updated))
	must(t, err)
	same(t, "what is read after the update", read, updated)
	return updated
}

// create creates an object.
func create[Create, Resource any](
	t *tester,
	call func(*signalfx.Client, context.Context, *Create) (*Resource, error),
	request *Create,
) *Resource {
	t.Helper()
	created, err := call(t.Client, t.Context(), request)
	must(t, err)
	return created
}
