package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/notification"
	"github.com/signalfx/signalfx-go/orgtoken"
)

var orgTokenCases = union(
	replace(orgTokens.cases("OrgToken"), map[string]testCase{
		"CreateOrgToken": createOrgToken,
		"UpdateOrgToken": updateOrgToken,
	}),
	map[string]testCase{"SearchOrgTokens": searchOrgTokens},
)

// orgTokens are addressed by their names, which the client escapes twice in a path.
var orgTokens = kind[orgtoken.CreateUpdateTokenRequest, orgtoken.CreateUpdateTokenRequest, orgtoken.Token]{
	create: (*signalfx.Client).CreateOrgToken,
	get:    (*signalfx.Client).GetOrgToken,
	update: (*signalfx.Client).UpdateOrgToken,
	remove: (*signalfx.Client).DeleteOrgToken,
	id:     func(o *orgtoken.Token) string { return o.Name },
	first: func(t *tester) *orgtoken.CreateUpdateTokenRequest {
		return &orgtoken.CreateUpdateTokenRequest{
			Name: t.unique("my tok/a%+b ü"), Description: "build agents", AuthScopes: []string{"INGEST"},
			Limits: &orgtoken.Limit{
				CategoryQuota: &orgtoken.UsageLimits{
					HostThreshold: new(int64(20)), ContainerThreshold: new(int64(80)),
					CustomMetricThreshold: new(int64(1000)), HighResMetricThreshold: new(int64(100)),
				},
				CategoryNotificationThreshold: &orgtoken.UsageLimits{HostThreshold: new(int64(16))},
			},
			Notifications: []*notification.Notification{
				{Value: &notification.EmailNotification{Type: "Email", Email: "ops@example.com"}},
			},
		}
	},
	second: func(t *tester) *orgtoken.CreateUpdateTokenRequest {
		return &orgtoken.CreateUpdateTokenRequest{
			Name: t.unique("renamed"), Disabled: true,
			Limits: &orgtoken.Limit{DpmQuota: new(int32(1000)), DpmNotificationThreshold: new(int32(900))},
		}
	},
}

// createOrgToken also checks names that are hard to escape.
func createOrgToken(t *tester) {
	orgTokens.creates(t)
	for _, name := range []string{"plain", "my tok", "a/b", "100%+x", "ü", "%2F", "a?b#c"} {
		created, err := t.CreateOrgToken(t.Context(), &orgtoken.CreateUpdateTokenRequest{Name: name})
		must(t, err)
		read, err := t.GetOrgToken(t.Context(), name)
		must(t, err)
		same(t, "what is read", read, created)
		equal(t, "the name", read.Name, name)
		equal(t, "whether there is a secret", read.Secret != "", true)
		equal(t, "whether it expires later", read.Expiry > read.Created, true)
		equal(t, "the latest rotation", read.LatestRotation, read.Created)
		_, err = t.CreateOrgToken(t.Context(), &orgtoken.CreateUpdateTokenRequest{Name: name})
		fails(t, http.StatusBadRequest, err)
		must(t, t.DeleteOrgToken(t.Context(), name))
	}
}

// updateOrgToken also checks that the token keeps its id, secret and scopes under its new name.
func updateOrgToken(t *tester) {
	created := orgTokens.created(t)
	updated := orgTokens.changed(t, created.Name, orgTokens.second(t))
	equal(t, "the id", updated.Id, created.Id)
	equal(t, "the secret", updated.Secret, created.Secret)
	same(t, "scopes", updated.AuthScopes, created.AuthScopes)
	equal(t, "the description", updated.Description, "")
	_, err := t.GetOrgToken(t.Context(), created.Name)
	fails(t, http.StatusNotFound, err)
}

func searchOrgTokens(t *tester) {
	name := t.unique("found a/b 100%")
	var names []string
	for _, suffix := range []string{" a", " b", " c"} {
		created := create(t, (*signalfx.Client).CreateOrgToken, &orgtoken.CreateUpdateTokenRequest{Name: name + suffix})
		names = append(names, created.Name)
	}
	first, err := t.SearchOrgTokens(t.Context(), 2, name, 0)
	must(t, err)
	second, err := t.SearchOrgTokens(t.Context(), 2, name, 2)
	must(t, err)
	checkPages(t, func(o orgtoken.Token) string { return o.Name }, names, first.Results, second.Results)
	equal(t, "count", second.Count, 3)
}
