package clients_test

import (
	"net/http"

	"github.com/signalfx/signalfx-go/sessiontoken"
)

var sessionCases = map[string]testCase{
	"CreateSessionToken": createSessionToken,
	"DeleteSessionToken": deleteSessionToken,
}

// lifetimeMs is how long a token from this call is live.
const lifetimeMs = 30 * 24 * 60 * 60 * 1000

// createSessionToken also checks that a token which is sent with the call is ignored, and a wrong password.
func createSessionToken(t *tester) {
	person := t.server.administrator
	request := &sessiontoken.CreateTokenRequest{Email: person.email, Password: person.password}
	created, err := t.CreateSessionToken(t.Context(), request)
	must(t, err)
	equal(t, "the address", created.Email, person.email)
	equal(t, "the user", created.UserID, person.id)
	equal(t, "who created it", created.CreatedBy, person.id)
	equal(t, "the type", created.SessionType, "ORG_USER")
	equal(t, "the lifetime", created.ExpiryMs-created.CreatedMs, lifetimeMs)
	organization, err := t.server.client(t.T, created.AccessToken, t.recorder).GetOrganization(t.Context(), "")
	must(t, err)
	equal(t, "the organization", created.OrganizationID, organization.Id)
	request.OrganizationId = organization.Id
	_, err = t.server.client(t.T, "a stale token", t.recorder).CreateSessionToken(t.Context(), request)
	must(t, err)
	request.Password = "not the password"
	_, err = t.CreateSessionToken(t.Context(), request)
	fails(t, http.StatusUnauthorized, err)
}

func deleteSessionToken(t *tester) {
	person := t.server.administrator
	request := &sessiontoken.CreateTokenRequest{Email: person.email, Password: person.password}
	created, err := t.CreateSessionToken(t.Context(), request)
	must(t, err)
	must(t, t.DeleteSessionToken(t.Context(), created.AccessToken))
	_, err = t.server.client(t.T, created.AccessToken, t.recorder).GetOrganization(t.Context(), "")
	fails(t, http.StatusUnauthorized, err)
	fails(t, http.StatusNotFound, t.DeleteSessionToken(t.Context(), created.AccessToken))
	fails(t, http.StatusUnauthorized, t.DeleteSessionToken(t.Context(), ""))
}
