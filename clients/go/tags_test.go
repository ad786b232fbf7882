package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go/metrics_metadata"
)

// tagCases are those of the tags of dimensions and metrics, which are made by PUT.
var tagCases = map[string]testCase{
	"CreateUpdateTag": createUpdateTag,
	"DeleteTag":       deleteTag,
	"GetTag":          getTag,
	"SearchTag":       searchTag,
}

// tag makes a tag and returns its name.
func tag(t *tester) string {
	t.Helper()
	name := t.label("tag")
	_, err := t.CreateUpdateTag(t.Context(), name, tagRequest())
	must(t, err)
	return name
}

func tagRequest() *metrics_metadata.CreateUpdateTagRequest {
	return &metrics_metadata.CreateUpdateTagRequest{
		Description: "of the shop", CustomProperties: map[string]string{"owner": "shop"},
	}
}

func createUpdateTag(t *tester) {
	name := t.label("tag")
	created, err := t.CreateUpdateTag(t.Context(), name, tagRequest())
	must(t, err)
	equal(t, "the name", created.Name, name)
	echoes(t, created, tagRequest())
	request := &metrics_metadata.CreateUpdateTagRequest{Description: "of all shops"}
	updated, err := t.CreateUpdateTag(t.Context(), name, request)
	must(t, err)
	echoes(t, updated, request)
	equal(t, "the number of properties", len(updated.CustomProperties), 0)
	equal(t, "when it was created", updated.Created, created.Created)
	read, err := t.GetTag(t.Context(), name)
	must(t, err)
	same(t, "what is read", read, updated)
}

func getTag(t *tester) {
	name := tag(t)
	read, err := t.GetTag(t.Context(), name)
	must(t, err)
	equal(t, "the name", read.Name, name)
	echoes(t, read, tagRequest())
	_, err = t.GetTag(t.Context(), t.label("no-such-tag"))
	fails(t, http.StatusNotFound, err)
}

func searchTag(t *tester) {
	first, second := tag(t), tag(t)
	one, err := t.SearchTag(t.Context(), "name:"+first, "", 10, 0)
	must(t, err)
	name := func(found *metrics_metadata.Tag) string { return found.Name }
	checkPages(t, name, []string{first}, one.Results)
	equal(t, "count", one.Count, 1)
	page, err := t.SearchTag(t.Context(), "name:"+first+" OR name:"+second, "-name", 1, 1)
	must(t, err)
	checkPages(t, name, []string{min(first, second)}, page.Results)
	equal(t, "count", page.Count, 2)
}

func deleteTag(t *tester) {
	name := tag(t)
	must(t, t.DeleteTag(t.Context(), name))
	_, err := t.GetTag(t.Context(), name)
	fails(t, http.StatusNotFound, err)
	// A tag that does not exist is no error.
	must(t, t.DeleteTag(t.Context(), name))
}
